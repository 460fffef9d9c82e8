import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProcessorTime, threadFolder } from '../../src/executors/node/processor-time.ts'

describe('ProcessorTime', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-time-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** What the thread has done so far, in milliseconds. */
  const show = (state: 'R' | 'S', ran: number, waited: number): void => {
    writeFileSync(join(folder, 'schedstat'), `${ran * 1e6} ${waited * 1e6} 7\n`)
    writeFileSync(join(folder, 'stat'), `42 (a name (with R in it)) ${state} 1 1\n`)
  }

  const counted = (state: 'R' | 'S', ran: number, waited: number): number => {
    const time = new ProcessorTime(folder)
    show('S', 100, 50)
    time.of(10)
    show(state, 100 + ran, 50 + waited)
    return time.of(10)
  }

  it('of() counts all of the time in which the thread ran', () => {
    expect(counted('R', 10, 0)).toBe(10)
  })

  it('of() counts what a thread that is ready has run for', () => {
    expect(counted('R', 4, 0)).toBe(4)
  })

  it('of() counts the time in which the thread slept, and not that in which it waited for a processor', () => {
    expect(counted('S', 1, 3)).toBe(7)
  })

  it('of() counts a tenth of the time in any case, and never more than all of it', () => {
    expect(counted('R', 0, 0)).toBe(1)
    expect(counted('S', 0, 12)).toBe(1)
    expect(counted('R', 30, 0)).toBe(10)
  })

  it('of() counts all where nothing is shown', () => {
    expect(new ProcessorTime(join(folder, 'missing')).of(10)).toBe(10)
  })

  it('threadFolder() is one that shows this thread', ({ skip }) => {
    skip(
      process.platform !== 'linux' || 'Deno' in globalThis,
      'asks Linux about a thread, for which Deno would ask its user',
    )
    const time = new ProcessorTime(threadFolder() as string)
    time.of(1)
    // Files that could not be read would count in full.
    expect(time.of(1e9)).toBeLessThan(1e9)
  })
})
