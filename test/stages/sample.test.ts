import fc from 'fast-check'
import { block, channel, from, range, reject, type SampleOptions, sample, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectLaw, settle } from '../contract/probe.ts'
import { runs } from '../setup/runs.ts'
import { manualClock, pass } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

describe('sample({ rate })', () => {
  it('keeps its part of any items in a row, to within one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.1, 1 / 3, 0.5, 1)),
        fc.nat(200),
        fc.nat(200),
        fc.nat(200),
        async (rate, count, a, b) => {
          const stage = sample<number>({ rate })
          const kept = await toArray(range(0, count).pipeThrough(stage))
          const [from, to] = [Math.min(a, b, count), Math.min(Math.max(a, b), count)]
          const there = kept.filter(n => n >= from && n < to).length
          expect(Math.abs(there - (to - from) * rate)).toBeLessThan(1 + 1e-9)
          expect(kept[0]).toBe(rate > 0 && count > 0 ? 0 : undefined)
          expect(stage.stats()).toMatchObject({
            received: count,
            done: kept.length,
            dropped: count - kept.length,
            emitted: kept.length,
          })
        },
      ),
      { numRuns: runs(200) },
    )
  })

  it('keeps what a random number below its rate says', async () => {
    const numbers = [0.1, 0.5, 0.49, 0.9, 0]
    const dropped: unknown[] = []
    const stage = sample<number>({
      rate: 0.5,
      random: () => numbers.shift() as number,
      onDrop: (item, reason) => dropped.push([item, reason]),
    })
    expect(await toArray(from([1, 2, 3, 4, 5]).pipeThrough(stage))).toEqual([1, 3, 5])
    expect(dropped).toEqual([
      [2, 'sample'],
      [4, 'sample'],
    ])
  })

  it.each(['random', 'onDrop'])('fails with what %s throws', async name => {
    const error = new Error(name)
    const thrown = () => {
      throw error
    }
    const stage = sample<number>({ rate: 0, [name]: thrown } as SampleOptions<number>)
    await expect(toArray(from([1, 2]).pipeThrough(stage))).rejects.toBe(error)
    const { failed, dropped } = stage.stats()
    expect({ failed, dropped }).toEqual(
      name === 'random' ? { failed: 1, dropped: 0 } : { failed: 0, dropped: 1 },
    )
    expectLaw(stage)
  })

  it('stops when onDrop aborts', async () => {
    const controller = new AbortController()
    const stage = sample<number>({ rate: 0, onDrop: () => controller.abort('enough') })
    const reading = toArray(range(0, Infinity).pipeThrough(stage), { signal: controller.signal })
    await expect(reading).rejects.toBe('enough')
    expect(stage.stats().received).toBe(1)
    expectLaw(stage)
  })
})

/**
 * Pressure told in items: whoever asks first looks how full the inbox is, then takes the oldest item, and goes on until
 * there is one to keep. An item that comes while somebody waits goes straight through.
 */
class PressureModel {
  readonly given: number[] = []
  readonly dropped: number[] = []
  readonly queue: number[] = []
  asks = 0
  #thins = false
  #came = 0
  #kept = 0
  readonly #options: { rate: number; above: number; below: number; capacity: number }

  constructor(options: { rate: number; above: number; below: number; capacity: number }) {
    this.#options = options
  }

  push(item: number): void {
    if (this.queue.length < this.#options.capacity) this.queue.push(item)
    this.#settle()
  }

  ask(): void {
    if (this.asks++ === 0) this.#look()
    this.#settle()
  }

  #look(): void {
    const { above, below, capacity } = this.#options
    const full = this.queue.length / capacity
    if (full > above) this.#thins = true
    if (full <= below) this.#thins = false
  }

  #settle(): void {
    while (this.asks > 0 && this.queue.length > 0) {
      const item = this.queue.shift() as number
      let keep = true
      if (this.#thins) {
        keep = this.#kept < ++this.#came * this.#options.rate
        if (keep) this.#kept++
      }
      if (keep) {
        this.given.push(item)
        this.asks--
      } else this.dropped.push(item)
      if (this.asks > 0) this.#look()
    }
  }
}

describe("sample({ rate, when: 'pressure' })", () => {
  it('leaves items out from when its inbox is fuller than `above` until it is down to `below`', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rate: fc.constantFrom(0, 0.1, 0.25, 0.5, 1),
          above: fc.constantFrom(0.3, 0.5, 0.8, 1),
          below: fc.constantFrom(0, 0.1, 0.3),
          capacity: fc.integer({ min: 1, max: 12 }),
        }),
        fc.array(fc.constantFrom('push', 'push', 'push', 'ask'), { maxLength: 60, size: 'max' }),
        async (options, ops) => {
          const model = new PressureModel(options)
          const { capacity, ...rest } = options
          const dropped: number[] = []
          const stage = sample<number>({
            ...rest,
            when: 'pressure',
            strategy: reject(capacity),
            onDrop: item => dropped.push(item),
            onReject: () => {},
          })
          const writer = stage.writable.getWriter()
          const reader = stage.readable.getReader()
          const given: number[] = []
          for (const [item, op] of ops.entries()) {
            if (op === 'push') {
              model.push(item)
              writer.write(item).catch(() => {})
            } else {
              model.ask()
              reader.read().then(({ value }) => value !== undefined && given.push(value))
            }
            await settle(1)
            expectLaw(stage)
            expect(given).toEqual(model.given)
            expect(dropped).toEqual(model.dropped)
            expect(stage.stats().queued).toBe(model.queue.length)
          }
          await reader.cancel()
        },
      ),
      { numRuns: runs(200) },
    )
  })

  it('keeps all items while whoever takes them keeps up', async () => {
    const stage = sample<number>({ rate: 0, when: 'pressure' })
    expect(await toArray(range(0, 1000).pipeThrough(stage))).toEqual(
      Array.from({ length: 1000 }, (_, n) => n),
    )
  })

  it('has an inbox of 16 that loses nothing, unless a strategy says something else', () => {
    expect(sample({ rate: 0.5, when: 'pressure' }).stats().capacity).toBe(16)
    const absent = { strategy: undefined } as object
    expect(sample({ rate: 0.5, when: 'pressure', ...absent }).stats().capacity).toBe(16)
    expect(sample({ rate: 0.5, when: 'pressure', strategy: block(3) }).stats().capacity).toBe(3)
  })
})

describe('sample({ interval })', () => {
  it('ticks at multiples from when it is first read, and has no timer while nothing has come', async () => {
    const queue = channel<number>(block(9))
    const reader = queue.readable.pipeThrough(sample<number>({ interval: 10 })).getReader()
    await pass(7)
    let at = -1
    const start = performance.now()
    const read = reader.read().then(({ value }) => {
      at = performance.now() - start
      return value
    })
    await pass(14)
    expect(vi.getTimerCount()).toBe(0)
    queue.trySend(1)
    queue.trySend(2)
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    await pass(6)
    expect(await read).toBe(2)
    expect(at).toBe(20)
    expect(vi.getTimerCount()).toBe(0)
    await reader.cancel()
  })

  it('does not drift when its timers are late', async () => {
    const queue = channel<number>(block(9))
    const ticks: number[] = []
    const start = performance.now()
    const reading = (async () => {
      for await (const _ of queue.readable.pipeThrough(sample<number>(10)))
        ticks.push(performance.now() - start)
    })()
    await settle()
    // Each timer fires at the next multiple of 7 ms.
    for (let n = 0; n < 100; n++) {
      queue.trySend(n)
      await vi.advanceTimersByTimeAsync(3)
      await settle(1)
      const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 4)
      await settle(1)
      clock.mockRestore()
      await vi.advanceTimersByTimeAsync(4)
      await settle(1)
    }
    for (const tick of ticks) expect(tick % 10).toBeLessThan(7)
    expect(ticks.length).toBeGreaterThan(60)
    queue.close()
    await reading
  })
})

describe('sample()', () => {
  it.each<[unknown, string]>([
    [undefined, 'sample: options must be { interval } or { rate }, received undefined'],
    [0, 'sample: interval must be at least 1, received 0'],
    ['5', 'sample: interval must be a number of milliseconds, received "5"'],
    [{}, 'sample: interval must be a number of milliseconds, received undefined'],
    [{ interval: 5, rate: 0.5 }, 'sample: interval and rate exclude each other, received both'],
    [{ rate: 2 }, 'sample: rate must be from 0 to 1, received 2'],
    [{ rate: 'half' }, 'sample: rate must be a number, received "half"'],
    [{ rate: 0.5, when: 'full' }, "sample: when must be 'always' or 'pressure', received \"full\""],
    [{ rate: 0.5, when: 'pressure', above: 1.5 }, 'sample: above must be from 0 to 1, received 1.5'],
    [
      { rate: 0.5, when: 'pressure', above: 0.5, below: 0.6 },
      'sample: below must be from 0 to 0.5, received 0.6',
    ],
    [{ rate: 0.5, random: 4 }, 'sample: random must be a function, received 4'],
    [
      { rate: 0.5, when: 'pressure', strategy: block(Infinity) },
      "sample: when: 'pressure' needs a strategy with a bound, such as block(16)",
    ],
  ])('refuses %o', (options, message) => {
    expect(() => sample(options as SampleOptions<unknown>)).toThrow(message)
  })
})
