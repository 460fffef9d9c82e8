import fc from 'fast-check'
import { debounce, type Stage, sample, throttleLatest } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { type Held, latestModel } from './latest-model.ts'
import { manualClock, timed } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

type OnDrop = (item: number, reason: string) => void
interface Kind {
  readonly make: (ms: number, maxWait: number, onDrop: OnDrop) => Stage<number, number>
  readonly ripe: (ms: number, maxWait: number) => (held: Held, now: number) => boolean
}

const kinds: Record<string, Kind> = {
  debounce: {
    make: (ms, _, onDrop) => debounce(ms, { onDrop }),
    ripe: ms => (held, now) => now - held.came >= ms,
  },
  'debounce, maxWait': {
    make: (ms, maxWait, onDrop) => debounce(ms, { maxWait, onDrop }),
    ripe: (ms, maxWait) => (held, now) => now - held.came >= ms || now - held.since >= maxWait,
  },
  throttleLatest: {
    make: (ms, _, onDrop) => throttleLatest(ms, { onDrop }),
    ripe: ms => (held, now) => now - held.last >= ms,
  },
  sample: {
    make: (ms, _, onDrop) => sample(ms, { onDrop }),
    ripe: ms => (held, now) => Math.floor(now / ms) > Math.floor(held.since / ms),
  },
}

describe.each(Object.entries(kinds))('%s', (name, { make, ripe }) => {
  it('gives the latest item when its time has come and it is wanted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.oneof(fc.constant(0), fc.nat(4), fc.nat(25)), { maxLength: 12 }),
        fc.record({ work: fc.oneof(fc.constant(0), fc.nat(15)), end: fc.nat(20) }),
        async (ms, maxWait, pauses, pace) => {
          const dropped: number[] = []
          const stage = make(ms, maxWait, (item, reason) => {
            expect(reason).toBe(name.split(',')[0])
            dropped.push(item)
          })
          const model = latestModel(pauses, pace, ripe(ms, maxWait))
          expect(await timed(stage, pauses, pace)).toEqual({ given: model.given })
          expect(dropped).toEqual(model.dropped)
          const { received, done, emitted } = stage.stats()
          expect(stage.stats().dropped).toBe(dropped.length)
          expect([received, done, emitted]).toEqual([pauses.length, model.given.length, model.given.length])
        },
      ),
      { numRuns: runs(60) },
    )
  })
})
