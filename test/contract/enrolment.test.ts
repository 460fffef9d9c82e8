import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as sluice from 'sluice'
import { describe, expect, it } from 'vitest'
import { sinkEntries } from './enrolled-sinks.ts'
import { sourceEntries } from './enrolled-sources.ts'
import { stageEntries } from './enrolled-stages.ts'

describe('enrolment', () => {
  const symbols = (entries: readonly { readonly symbol: string }[]) =>
    new Set(entries.map(entry => entry.symbol))
  const enrolled = {
    stages: symbols(stageEntries),
    sources: symbols(sourceEntries),
    sinks: symbols(sinkEntries),
  }

  it.each(['stages', 'sources', 'sinks'] as const)('every file of src/%s passes the suite', folder => {
    const files = readdirSync(fileURLToPath(new URL(`../../src/${folder}`, import.meta.url)))
    const exported = files.map(file =>
      file.replace(/\.ts$/, '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    )
    expect(exported.length).toBeGreaterThan(0)
    for (const symbol of exported)
      expect(enrolled[folder], `${symbol} is not enrolled in ${folder}`).toContain(symbol)
  })

  it('every export of the entry passes the suite, or is none of the three', () => {
    const others = [
      'block',
      'dropNewest',
      'dropOldest',
      'reject',
      'timeout',
      'QueueFullError',
      'QueueTimeoutError',
      'RateLimitError',
      'RecordError',
      'BreakerOpenError',
      'TaskTimeoutError',
      'circuitBreaker',
      'IdleTimeoutError',
      'rateLimiter',
      'SpillError',
      'spill',
      'queueSizeFor',
      'workersFor',
      'explain',
      'watchdog',
    ]
    const all = new Set([...enrolled.stages, ...enrolled.sources, ...enrolled.sinks])
    for (const symbol of Object.keys(sluice)) {
      if (!others.includes(symbol)) expect(all, `${symbol} is not enrolled`).toContain(symbol)
    }
  })
})
