import { block, channel, flatMap, flatten, forEach, from, map, toArray } from 'sluice'
import { describe, expect, it, vi } from 'vitest'

describe.each([1, 2])('flatMap() with concurrency %s', concurrency => {
  it('awaits promises inside an array', async () => {
    const stage = flatMap((n: number) => [n, Promise.resolve(n * 10), n], { concurrency })
    expect(await toArray(from([1, 2]).pipeThrough(stage))).toEqual([1, 10, 1, 2, 20, 2])
    expect(stage.stats()).toMatchObject({ received: 2, done: 2, emitted: 6 })
  })

  it('fails with the very reason of a rejected promise inside an array, behind what is before it', async () => {
    const reason = { no: 1 }
    // However slow the machine is: handed back in between, control would meet a rejection that nobody has seen yet.
    vi.spyOn(performance, 'now').mockReturnValue(1)
    const items: number[] = []
    const out = from([1, 2]).pipeThrough(flatMap(n => [n, Promise.reject(reason)], { concurrency }))
    const reading = (async () => {
      for await (const item of out) items.push(item)
    })()
    await expect(reading).rejects.toBe(reason)
    expect(items).toEqual([1])
    vi.restoreAllMocks()
  })

  it('reads an array by its own iterator', async () => {
    const own = Object.assign([1, 2], {
      *[Symbol.iterator]() {
        yield 7
      },
    })
    expect(await toArray(from([0]).pipeThrough(flatMap(() => own, { concurrency })))).toEqual([7])
  })

  it('reads an array by its own asynchronous iterator', async () => {
    const own = Object.assign([1, 2], {
      async *[Symbol.asyncIterator]() {
        yield 8
      },
    })
    expect(await toArray(from([0]).pipeThrough(flatMap(() => own, { concurrency })))).toEqual([8])
  })

  it('gives out falsy items and empty arrays as they are', async () => {
    const inputs = [[undefined, null], [], [0, '', false]]
    expect(await toArray(from(inputs).pipeThrough(flatten({ concurrency })))).toEqual([
      undefined,
      null,
      0,
      '',
      false,
    ])
  })
})

describe('flatMap() that hands control back within an array', () => {
  it.each([1, 2, 3, 5, 8])('keeps the order, with %i ms between two looks at the clock', async pace => {
    let now = 1000
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += pace))
    try {
      const log: string[] = []
      const items = Array.from({ length: 60 }, (_, at) => at)
      const pages = flatMap((item: number) => {
        log.push(`calls ${item}`)
        // From a cache, or from somewhere else.
        return item % 2 ? Promise.resolve([item]) : [item]
      })
      await forEach(from(items).pipeThrough(pages), item => void log.push(`gives ${item}`))
      expect(log).toEqual(items.flatMap(item => [`calls ${item}`, `gives ${item}`]))
    } finally {
      clock.mockRestore()
    }
  })
})

describe('flatten()', () => {
  it.each([
    ['at once', (n: number) => n],
    ['after a while', async (n: number) => n],
  ])('gives the rest of an array whose items close its source, %s', async (_, work) => {
    const arrays = channel<number[]>(block(2))
    const stage = map((n: number) => {
      if (n === 2) arrays.close()
      return work(n)
    })
    const items = toArray(arrays.readable.pipeThrough(flatten<number>()).pipeThrough(stage))
    arrays.trySend([1, 2, 3])
    expect(await items).toEqual([1, 2, 3])
  })
})
