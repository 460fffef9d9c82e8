import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TokenBucket } from '../../src/policies/token-bucket.ts'
import { runs } from '../setup/runs.ts'

const plans = fc.record({
  limit: fc.integer({ min: 1, max: 50 }),
  interval: fc.integer({ min: 1, max: 5_000 }),
  burst: fc.integer({ min: 1, max: 20 }),
  /** Milliseconds since the one before, and how many tokens are asked for. */
  asks: fc.array(fc.tuple(fc.oneof(fc.constant(0), fc.nat(2_000)), fc.integer({ min: 1, max: 5 })), {
    maxLength: 60,
  }),
})

it('TokenBucket agrees with a bucket that is counted in tokens', () => {
  fc.assert(
    fc.property(plans, ({ limit, interval, burst, asks }) => {
      const bucket = new TokenBucket(limit, interval, burst)
      const rate = limit / interval
      let tokens = burst
      let now = 1_000_000
      for (const [later, asked] of asks) {
        const n = Math.min(asked, burst)
        now += later
        tokens = Math.min(burst, tokens + later * rate)
        const delay = bucket.delay(n, now)
        expect(delay).toBeCloseTo(Math.max(0, (n - tokens) / rate), 2)
        if (delay > 0) continue
        bucket.take(n, now)
        tokens -= n
      }
      expect(bucket.full(now)).toBe(tokens > burst - 1e-6)
    }),
    { numRuns: runs(300) },
  )
})
