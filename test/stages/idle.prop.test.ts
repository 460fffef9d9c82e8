import fc from 'fast-check'
import { IdleTimeoutError, idleTimeout, keepAlive } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { type Given, manualClock, timed } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

interface Pace {
  readonly work: number
  readonly end: number
}

/**
 * Millisecond by millisecond: whoever takes the items is busy with each for `work` ms and then asks for the next one. It
 * has asked for nothing for `ms` where `idle` is called; that gives an item, or undefined to fail.
 */
function idleModel<T>(ms: number, pauses: readonly number[], { work, end }: Pace, idle: () => T | undefined) {
  const given: Given<number | T> = []
  const arrivals: number[] = []
  for (const pause of pauses) arrivals.push((arrivals.at(-1) ?? 0) + pause)
  const endsAt = (arrivals.at(-1) ?? 0) + end
  const waiting: number[] = []
  /** When it asked, or will ask. */
  let asked = 0
  const give = (item: number | T, now: number): void => {
    given.push([item, now])
    asked = now + work
  }
  const look = (now: number): void => {
    while (now >= asked && waiting.length > 0) give(waiting.shift() as number, now)
  }
  for (let now = 0, next = 0; now <= endsAt || waiting.length > 0; now++) {
    look(now)
    if (now >= asked + ms && now <= endsAt) {
      const item = idle()
      if (item === undefined) return { given, failedAt: now }
      give(item, now)
    }
    for (; arrivals[next] === now; next++) {
      waiting.push(next)
      look(now)
    }
  }
  return { given, failedAt: undefined }
}

const plans = [
  fc.integer({ min: 1, max: 15 }),
  fc.array(fc.oneof(fc.constant(0), fc.nat(5), fc.nat(30)), { maxLength: 12 }),
  fc.record({ work: fc.oneof(fc.constant(0), fc.nat(20)), end: fc.nat(30) }),
] as const

describe('idleTimeout()', () => {
  it('fails when, and only when, no item comes for so long while one is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(...plans, async (ms, pauses, pace) => {
        const model = idleModel(ms, pauses, pace, () => undefined)
        const run = await timed(idleTimeout<number>(ms), pauses, pace)
        expect(run.given).toEqual(model.given)
        expect(run.failed?.at).toBe(model.failedAt)
        if (run.failed) expect(run.failed.error).toBeInstanceOf(IdleTimeoutError)
      }),
      { numRuns: runs(150) },
    )
  })
})

describe('keepAlive()', () => {
  it('puts an item in when, and only when, no item comes for so long while one is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(...plans, async (ms, pauses, pace) => {
        const stage = keepAlive<number, string>(ms, () => 'beat')
        const model = idleModel(ms, pauses, pace, () => 'beat')
        expect(await timed(stage, pauses, pace)).toEqual({ given: model.given })
        const { received, done, emitted } = stage.stats()
        expect([received, done]).toEqual([pauses.length, pauses.length])
        expect(emitted).toBe(model.given.length)
      }),
      { numRuns: runs(150) },
    )
  })
})
