import { Flow, from, map, take, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { settle, soon } from '../contract/probe.ts'

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
