import fc from 'fast-check'
import { rateLimiter } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The most that passed in any window of so many milliseconds, the end of which is not part of it. */
function most(times: readonly number[], window: number): number {
  let from = 0
  let highest = 0
  for (const [to, time] of times.entries()) {
    while ((times[from] as number) <= time - window) from++
    highest = Math.max(highest, to - from + 1)
  }
  return highest
}

const rates = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  interval: fc.integer({ min: 10, max: 2_000 }),
  burst: fc.integer({ min: 1, max: 10 }),
})

describe('rateLimiter()', () => {
  it.each([
    { limit: 7, interval: 1_000 },
    { limit: 3, interval: 100, burst: 3 },
    { limit: 100, interval: 1_000, burst: 10 },
    { limit: 1, interval: 333 },
  ])('%o stays within 1 %% of its rate over ten minutes, and never above it', async rate => {
    const limiter = rateLimiter(rate)
    const { limit, interval, burst = 1 } = rate
    const start = performance.now()
    const times: number[] = []
    let over = false
    const busy = async () => {
      while (!over) {
        await limiter.acquire()
        times.push(performance.now() - start)
      }
    }
    void busy()
    await vi.advanceTimersByTimeAsync(600_000)
    over = true
    const expected = (600_000 * limit) / interval
    expect(times.length).toBeGreaterThan(expected * 0.99)
    expect(times.length).toBeLessThanOrEqual(expected + burst)
    for (const window of [interval, 10 * interval]) {
      expect(most(times, window)).toBeLessThanOrEqual(burst + Math.ceil((limit * window) / interval))
    }
    if (burst === 1) expect(most(times, interval)).toBeLessThanOrEqual(limit + 1)
  })

  it('keeps the law for any calls, and serves who waits in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        rates,
        fc.array(fc.record({ pause: fc.nat(300), n: fc.integer({ min: 1, max: 3 }), wait: fc.boolean() }), {
          maxLength: 40,
        }),
        async (rate, calls) => {
          const limiter = rateLimiter(rate)
          const times: number[] = []
          const order: number[] = []
          let waited = 0
          for (const [at, { pause, n, wait }] of calls.entries()) {
            const tokens = Math.min(n, rate.burst)
            const pass = () => times.push(...Array.from({ length: tokens }, () => performance.now()))
            if (wait) {
              waited++
              void limiter.acquire(tokens).then(() => (order.push(at), pass()))
            } else if (limiter.tryAcquire(tokens)) pass()
            await vi.advanceTimersByTimeAsync(pause)
          }
          await vi.runAllTimersAsync()
          expect(order.length).toBe(waited)
          expect(order).toEqual(order.toSorted((a, b) => a - b))
          expect(limiter.waiting).toBe(0)
          expect(vi.getTimerCount()).toBe(0)
          for (const window of [rate.interval / 3, rate.interval, 4 * rate.interval]) {
            expect(most(times, window)).toBeLessThanOrEqual(
              rate.burst + Math.ceil((rate.limit * window) / rate.interval),
            )
          }
        },
      ),
      { numRuns: runs(100) },
    )
  })

  it('makes good what timers are late by', async () => {
    const limiter = rateLimiter({ limit: 100, interval: 1_000 })
    let passed = 0
    const busy = async () => {
      while (passed < 1_000) {
        await limiter.acquire()
        passed++
      }
    }
    const done = busy()
    const start = performance.now()
    // Each timer fires at the next multiple of 7 ms.
    while (passed < 1_000) await vi.advanceTimersByTimeAsync(7)
    await done
    expect(performance.now() - start).toBeLessThan(10_000 * 1.01)
  })

  it('runs no timer while nobody waits', async () => {
    const limiter = rateLimiter({ limit: 1, interval: 1_000 })
    expect(limiter.tryAcquire()).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
    const waiting = limiter.acquire()
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)
    await waiting
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets nobody overtake, and forgets who gives up', async () => {
    const limiter = rateLimiter({ limit: 10, interval: 1_000, burst: 5 })
    limiter.tryAcquire(5)
    const controller = new AbortController()
    const many = limiter.acquire(5, { signal: controller.signal })
    const one = limiter.acquire(1)
    await vi.advanceTimersByTimeAsync(150)
    // There is a token, but the first in line waits for five.
    expect(limiter.tryAcquire()).toBe(false)
    expect(limiter.waiting).toBe(2)
    controller.abort(new Error('enough'))
    await expect(many).rejects.toThrow('enough')
    await one
    expect(limiter.waiting).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    await expect(limiter.acquire(1, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  })

  it('leaves no listener behind on a signal that has fired', async () => {
    const limiter = rateLimiter({ limit: 1, interval: 1_000 })
    limiter.tryAcquire()
    const { signal } = new AbortController()
    const add = signal.addEventListener
    const heard = vi.fn()
    vi.spyOn(signal, 'addEventListener').mockImplementation((type, _, options) =>
      add.call(signal, type, heard, options),
    )
    limiter.acquire(1, { signal }).catch(() => {})
    signal.dispatchEvent(new Event('abort'))
    signal.dispatchEvent(new Event('abort'))
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it.each([
    [undefined, TypeError, 'rateLimiter: options must be { limit, interval }'],
    [{ limit: 0, interval: 1 }, RangeError, 'rateLimiter: limit must be a positive integer, received 0'],
    [{ limit: 1, interval: 0 }, RangeError, 'rateLimiter: interval must be above 0'],
    [{ limit: 1, interval: '1s' }, TypeError, 'rateLimiter: interval must be a number of milliseconds'],
    [{ limit: 1, interval: 1, burst: 0 }, RangeError, 'rateLimiter: burst must be a positive integer'],
  ])('refuses %o', (options, type, message) => {
    expect(() => rateLimiter(options as never)).toThrow(type)
    expect(() => rateLimiter(options as never)).toThrow(message)
  })

  it('refuses to wait for what can never be', async () => {
    const limiter = rateLimiter({ limit: 1, interval: 1, burst: 2 })
    await expect(limiter.acquire(3)).rejects.toThrow('n must not be above burst (2), received 3')
    await expect(limiter.acquire(1, null as never)).rejects.toThrow('acquire: options must be an object')
    expect(() => limiter.tryAcquire(0)).toThrow('n must be a positive integer')
  })
})
