import fc from 'fast-check'
import {
  block,
  channel,
  drain,
  from,
  RateLimitError,
  rateLimiter,
  type ThrottleOptions,
  throttle,
  toArray,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle } from '../contract/probe.ts'
import { runs } from '../setup/runs.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Reads everything, with the time of each item. */
async function timed<T>(flow: ReadableStream<T>, until: number): Promise<[T, number][]> {
  const start = performance.now()
  const seen: [T, number][] = []
  const reading = (async () => {
    for await (const item of flow) seen.push([item, performance.now() - start])
  })()
  for (let now = 0; now < until; now += 10) {
    await settle()
    await vi.advanceTimersByTimeAsync(10)
  }
  await reading
  return seen
}

describe('throttle()', () => {
  it('has one timer, however many wait for its limit', async () => {
    const limiter = rateLimiter({ limit: 100, interval: 1_000 })
    const flows = [1, 2, 3].map(() => drain(from([1, 2, 3, 4, 5]).pipeThrough(throttle({ limiter }))))
    let most = 0
    for (let n = 0; n < 20; n++) {
      await settle()
      most = Math.max(most, vi.getTimerCount())
      await vi.advanceTimersByTimeAsync(10)
    }
    await Promise.all(flows)
    expect([most, vi.getTimerCount()]).toEqual([1, 0])
  })

  it('tells the writer of a refusal that nobody takes', async () => {
    const stage = throttle<number>({ limit: 1, interval: 100, mode: 'reject' })
    const reading = toArray(stage.readable).catch(error => error)
    const writer = stage.writable.getWriter()
    writer.closed.catch(() => {})
    await writer.write(1)
    const refusal = await writer.write(2).catch(error => error)
    expect(refusal).toBeInstanceOf(RateLimitError)
    expect(await reading).toBe(refusal)
  })

  it('lets items pass at its rate, in order', async () => {
    const stage = throttle<number>({ limit: 2, interval: 100 })
    expect(await timed(from([1, 2, 3, 4]).pipeThrough(stage), 200)).toEqual([
      [1, 0],
      [2, 50],
      [3, 100],
      [4, 150],
    ])
  })

  it('lets a burst pass after a pause', async () => {
    const stage = throttle<number>({ limit: 1, interval: 100, burst: 3 })
    expect((await timed(from([1, 2, 3, 4, 5]).pipeThrough(stage), 300)).map(([, at]) => at)).toEqual([
      0, 0, 0, 100, 200,
    ])
  })

  it('keeps a limit for each key, and the order of all', async () => {
    const stage = throttle<string>({ limit: 1, interval: 100, key: item => item[0] })
    expect(await timed(from(['a1', 'b1', 'a2', 'c1', 'b2']).pipeThrough(stage), 300)).toEqual([
      ['a1', 0],
      ['b1', 0],
      ['a2', 100],
      ['c1', 100],
      ['b2', 100],
    ])
  })

  it('forgets the key that came longest ago', async () => {
    const options = { limit: 1, interval: 1_000, key: (item: string) => item, mode: 'drop' as const }
    const through = (maxKeys: number) =>
      toArray(from(['a', 'b', 'c', 'a']).pipeThrough(throttle({ ...options, maxKeys })))
    expect(await through(3)).toEqual(['a', 'b', 'c'])
    expect(await through(2)).toEqual(['a', 'b', 'c', 'a'])
  })

  it('shares a limit with other stages', async () => {
    const limiter = rateLimiter({ limit: 1, interval: 100 })
    const branch = (...items: string[]) => timed(from(items).pipeThrough(throttle({ limiter })), 500)
    const both = await Promise.all([branch('a', 'b'), branch('c', 'd')])
    expect(
      both
        .flat()
        .map(([, at]) => at)
        .toSorted((x, y) => x - y),
    ).toEqual([0, 100, 200, 300])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('drops what comes too soon, and says so', async () => {
    const dropped: unknown[] = []
    const stage = throttle<number>({
      limit: 1,
      interval: 100,
      mode: 'drop',
      onDrop: (item, reason) => dropped.push([item, reason]),
    })
    const queue = channel<number>(block(10))
    const reading = toArray(queue.readable.pipeThrough(stage))
    for (const item of [1, 2, 3]) {
      queue.trySend(item)
      await vi.advanceTimersByTimeAsync(60)
    }
    queue.close()
    expect(await reading).toEqual([1, 3])
    expect(dropped).toEqual([[2, 'throttle']])
    expect(stage.stats()).toMatchObject({ received: 3, done: 2, dropped: 1, emitted: 2, inFlight: 0 })
  })

  it('refuses what comes too soon: fails, or tells', async () => {
    const rate = { limit: 1, interval: 100, mode: 'reject' as const, name: 'calls' }
    const strict = throttle<number>(rate)
    const error: RateLimitError = await toArray(from([1, 2]).pipeThrough(strict)).catch(error => error)
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({ code: 'ERR_RATE_LIMIT', stage: 'calls', item: 2, retryAfter: 100 })
    expect(strict.stats()).toMatchObject({ received: 2, done: 1, rejected: 1, inFlight: 0, discarded: 0 })
    const refused: unknown[] = []
    const lenient = throttle<number>({ ...rate, onReject: (item, error) => refused.push([item, error.code]) })
    expect(await toArray(from([1, 2, 3]).pipeThrough(lenient))).toEqual([1])
    expect(refused).toEqual([
      [2, 'ERR_RATE_LIMIT'],
      [3, 'ERR_RATE_LIMIT'],
    ])
  })

  it.each(['cancel', 'abort'] as const)('stops its timer on %s, and discards what waits', async ending => {
    const stage = throttle<number>({ limit: 1, interval: 1_000 })
    const controller = new AbortController()
    const reading = toArray(from([1, 2, 3]).pipeThrough(stage), { signal: controller.signal }).catch(
      error => error,
    )
    await vi.advanceTimersByTimeAsync(10)
    expect(vi.getTimerCount()).toBe(1)
    expect(stage.stats().inFlight).toBe(1)
    controller.abort(ending)
    expect(await reading).toBe(ending)
    expect(vi.getTimerCount()).toBe(0)
    expect(stage.stats()).toMatchObject({ received: 2, done: 1, discarded: 1, inFlight: 0 })
  })

  it('accounts for every item, whatever the mode and the arrivals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('wait', 'drop', 'reject' as const),
        fc.array(fc.nat(80), { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        async (mode, pauses, burst) => {
          const stage = throttle<number>({
            limit: 3,
            interval: 100,
            burst,
            mode: mode as 'wait',
            onReject: () => {},
          })
          const queue = channel<number>(block(100))
          const out: number[] = []
          const reading = (async () => {
            for await (const item of queue.readable.pipeThrough(stage)) out.push(item)
          })()
          for (const [item, pause] of pauses.entries()) {
            queue.trySend(item)
            await vi.advanceTimersByTimeAsync(pause)
            const { received, queued, inFlight, done, dropped, rejected } = stage.stats()
            expect(received).toBe(queued + inFlight + done + dropped + rejected)
          }
          queue.close()
          await vi.runAllTimersAsync()
          await reading
          const { received, done, dropped, rejected, emitted } = stage.stats()
          expect({ received, emitted, lost: dropped + rejected }).toEqual({
            received: pauses.length,
            emitted: out.length,
            lost: pauses.length - out.length,
          })
          expect(done).toBe(out.length)
          expect(out).toEqual(out.toSorted((a, b) => a - b))
          if (mode === 'wait') expect(out.length).toBe(pauses.length)
        },
      ),
      { numRuns: runs(60) },
    )
  })

  it.each<[unknown, string]>([
    [undefined, 'throttle: options must be { limit, interval }'],
    [{}, 'throttle: limit must be a number'],
    [
      { limit: 1, interval: 1, mode: 'skip' },
      "throttle: mode must be 'wait', 'drop' or 'reject', received \"skip\"",
    ],
    [{ limit: 1, interval: 1, key: 'id' }, 'throttle: key must be a function'],
    [{ limit: 1, interval: 1, key: String, maxKeys: 0 }, 'throttle: maxKeys must be a positive integer'],
    [{ limiter: {} }, 'throttle: limiter must come from rateLimiter()'],
    [
      { limiter: rateLimiter({ limit: 1, interval: 1 }), burst: 3 },
      'throttle: limiter and burst exclude each other',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => throttle(options as ThrottleOptions<unknown>)).toThrow(message)
  })
})
