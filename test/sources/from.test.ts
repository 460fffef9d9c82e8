import { Flow, forEach, from, map, take, toArray } from 'sluice'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { settle, soon } from '../contract/probe.ts'
import { turn } from '../setup/turn.ts'

describe('from()', () => {
  it('asks for the iterator once, when it is called, and takes nothing before somebody reads', async () => {
    let [iterators, items] = [0, 0]
    const source = {
      [Symbol.iterator]() {
        iterators++
        return { next: () => ({ done: false as const, value: items++ }) }
      },
    }
    const flow = from(source).pipeThrough(map(n => n))
    await settle()
    expect([iterators, items]).toEqual([1, 0])
    await toArray(flow.pipeThrough(take(2)))
    expect([iterators, items]).toEqual([1, 2])
  })

  it('calls a function only when the first item is wanted', async () => {
    let calls = 0
    const flow = from(() => {
      calls++
      return [1, 2]
    })
    await settle()
    expect(calls).toBe(0)
    expect(await toArray(flow)).toEqual([1, 2])
    expect(calls).toBe(1)
  })

  it('never calls a function whose flow is cancelled first', async () => {
    let calls = 0
    await from(() => {
      calls++
      return [1]
    }).cancel()
    expect(calls).toBe(0)
  })

  it('closes a generator that came too late for a cancel', async () => {
    let closed = false
    let give: (source: Iterable<number>) => void = () => {}
    const reader = from(
      new Promise<Iterable<number>>(resolve => {
        give = resolve
      }),
    ).getReader()
    reader.read()
    await settle()
    await reader.cancel()
    give({
      [Symbol.iterator]: () => ({ next: () => ({ done: true, value: undefined }) }),
      // biome-ignore lint/suspicious/noExplicitAny: a generator is both
      ...({ return: () => (closed = true) } as any),
    })
    await settle()
    expect(closed).toBe(true)
  })

  it('cancels a stream that came too late for a cancel', async () => {
    const reasons: unknown[] = []
    let give: (source: ReadableStream<number>) => void = () => {}
    const late = new Promise<ReadableStream<number>>(resolve => {
      give = resolve
    })
    const reader = from(late).getReader()
    reader.read()
    await settle()
    await reader.cancel()
    give(new ReadableStream({ cancel: reason => void reasons.push(reason) }))
    await settle()
    expect(reasons.length).toBe(1)
  })

  it('closes what a promise brings after a cancel that came before the first read', async () => {
    const reasons: unknown[] = []
    await from(Promise.resolve(new ReadableStream({ cancel: reason => void reasons.push(reason) }))).cancel()
    await settle()
    expect(reasons.length).toBe(1)
  })

  it('leaves the rejection of a promise that nobody reads unreported', async () => {
    from(Promise.reject(new Error('unread')))
    await settle()
  })

  it('fails with the rejection of its promise', async () => {
    expect(await soon(toArray(from(Promise.reject(undefined))))).toEqual({ error: undefined })
  })

  it('locks a ReadableStream at once, and refuses a locked one', () => {
    const stream = new ReadableStream()
    from(stream)
    expect(stream.locked).toBe(true)
    expect(() => from(stream)).toThrow(TypeError)
  })

  it('prefers the async iterator, as the standard does', async () => {
    const both = {
      *[Symbol.iterator]() {
        yield 'sync'
      },
      async *[Symbol.asyncIterator]() {
        yield 'async'
      },
    }
    expect(await toArray(from(both as Iterable<string>))).toEqual(['async'])
  })

  it('takes a string as the iterable that it is', async () => {
    expect(await toArray(from('añ👍'))).toEqual(['a', 'ñ', '👍'])
  })

  it('sees what an array gets while it is read, as its iterator does', async () => {
    const array = [1, 2]
    const flow = from(array)
    array.push(3)
    expect(await toArray(flow)).toEqual([1, 2, 3])
  })

  it('gives the holes of an array as undefined', async () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    expect(await toArray(from([1, , 3]))).toEqual([1, undefined, 3])
  })

  it('uses the iterator of an array that has its own', async () => {
    const array = Object.assign([1, 2], { [Symbol.iterator]: () => [3][Symbol.iterator]() })
    expect(await toArray(from(array))).toEqual([3])
  })
})

describe('Flow.from()', () => {
  it('gives a Flow that awaits the promises among its items', async () => {
    const flow = Flow.from([1, Promise.resolve(2)])
    expect(flow).toBeInstanceOf(Flow)
    expect(await toArray(flow)).toEqual([1, 2])
  })

  it('takes another stream, through its iterator or its reader', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(1)
        controller.close()
      },
    })
    expect(await toArray(Flow.from(stream as never))).toEqual([1])
  })
})

describe('from() of an async iterable that never rests', () => {
  it('lets timers fire', async () => {
    async function* numbers() {
      for (let n = 0; ; n++) yield n
    }
    const until = new AbortController()
    setTimeout(() => until.abort(), 30)
    let last = 0
    await forEach(from(numbers, { until: until.signal }), n => {
      last = n
    })
    expect(last).toBeGreaterThan(0)
  })
})

describe('from() of an async iterable that is slow', () => {
  afterEach(() => void vi.useRealTimers())

  it('gives its items at their times, however the timers are moved', async () => {
    vi.useFakeTimers()
    async function* ticks() {
      for (let n = 0; ; n++) {
        // On the test's own clock: nobody waits.
        await new Promise(resolve => setTimeout(resolve, 100))
        yield n
      }
    }
    const until = new AbortController()
    const got: number[] = []
    const reading = forEach(from(ticks, { until: until.signal }), n => void got.push(n))
    const counts: number[] = []
    for (let n = 0; n < 5; n++) {
      await vi.advanceTimersByTimeAsync(100)
      counts.push(got.length)
    }
    expect(counts).toEqual([1, 2, 3, 4, 5])
    until.abort()
    await reading
  })

  it('is asked for the next item in the same turn, as by for await: some forget what comes when nobody asks', async () => {
    const now = vi.spyOn(performance, 'now')
    let give: ((n: number) => void) | undefined
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise<IteratorResult<number>>(resolve => {
            give = value => {
              give = undefined
              resolve({ done: false, value })
            }
          }),
        return: async () => ({ done: true as const, value: undefined }),
      }),
    }
    const reader = from(source)
      .pipeThrough(map(n => n))
      .getReader()
    const read = async () => (await reader.read()).value
    for (let n = 0; n < 5; n++) {
      now.mockReturnValue(1000 * (n + 1))
      const one = read()
      for (let tick = 0; tick < 5; tick++) await undefined
      expect(give).toBeDefined()
      give?.(n)
      expect(await one).toBe(n)
      await turn()
    }
    now.mockRestore()
    await reader.cancel()
  })
})
