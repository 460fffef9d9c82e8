import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AdaptiveLimit } from '../../src/policies/adaptive-limit.ts'
import { runs } from '../setup/runs.ts'

const calls = fc.array(
  fc.record({
    times: fc.integer({ min: 1, max: 60 }),
    latency: fc.oneof(fc.constantFrom(0, 1e-9, 1e9), fc.double({ min: 0, max: 1_000, noNaN: true })),
    failed: fc.boolean(),
    used: fc.boolean(),
    others: fc.nat(20),
  }),
  { maxLength: 60 },
)

it('AdaptiveLimit is a whole number between its bounds, and has finite figures, whatever it is told', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(50), calls, (min, range, told) => {
      const limit = new AdaptiveLimit(min, min + range)
      for (const { times, latency, failed, used, others } of told) {
        for (let time = 0; time < times; time++) {
          limit.finished(latency, failed, used, others)
          expect(Number.isInteger(limit.value)).toBe(true)
          expect(limit.value).toBeGreaterThanOrEqual(min)
          expect(limit.value).toBeLessThanOrEqual(min + range)
        }
      }
      expect(Object.values(limit.stats).every(Number.isFinite)).toBe(true)
    }),
    { numRuns: runs(200) },
  )
})

it('AdaptiveLimit is never raised by calls that it did not hold back, from its first on', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), calls, (min, told) => {
      const limit = new AdaptiveLimit(min, 1_000)
      for (const { times, latency, failed, others } of told) {
        for (let time = 0; time < times; time++) limit.finished(latency, failed, false, others)
      }
      expect(limit.value).toBe(min)
    }),
    { numRuns: runs(200) },
  )
})
