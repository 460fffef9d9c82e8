import { drain, first, forEach, from, map, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../src/internal/deferred.ts'
import { loopOf, readAll, settle, soon } from '../contract/probe.ts'
import { turn } from '../setup/turn.ts'

const error = new Error('error')

/** An iterable that is no array; `parts` replace those of its iterator. */
function iterable<T>(items: readonly unknown[], parts: object = {}): Iterable<T> {
  const iterator = items[Symbol.iterator]()
  return { [Symbol.iterator]: () => ({ next: () => iterator.next(), ...parts }) as Iterator<T> }
}

/** The same for asynchronous ones. */
function asyncIterable<T>(parts: object): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }), ...parts }) as never,
  }
}

/** Gives what `late` promises, then 2, 3, …; refuses to be asked for two items at once. */
function asyncOnce(late: Promise<unknown>): AsyncIterable<number> {
  let [n, asked] = [0, false]
  const next = async () => {
    if (asked) throw new Error('asked for two items at once')
    asked = true
    const value = ++n === 1 ? await late : n
    asked = false
    return { done: false, value }
  }
  return asyncIterable({ next })
}

const cleanup = (closed: unknown[]) => ({
  return(reason: unknown) {
    closed.push(reason)
    return {}
  },
})

describe('from(iterable)', () => {
  it('awaits the promises among its items, in order', async () => {
    const flow = from(iterable<number>([turn().then(() => 1), 2, Promise.resolve(3)]))
    expect(await toArray(flow)).toEqual([1, 2, 3])
  })

  it('awaits none of an asynchronous one', async () => {
    const item = Promise.resolve(1)
    const next = async () => ({ done: false, value: { item } })
    const value = await first(from(asyncIterable<{ item: unknown }>({ next })))
    expect(value?.item).toBe(item)
  })

  it('takes items that are there in one loop', async () => {
    expect(await loopOf(each => forEach(from(new Set([1, 2, 3])), n => each(n)))).toEqual([
      1,
      2,
      3,
      'microtask',
    ])
  })

  it('uses the synchronous iterator where the asynchronous one is null', async () => {
    const source = Object.assign(iterable<number>([Promise.resolve(1)]), { [Symbol.asyncIterator]: null })
    expect(await toArray(from(source))).toEqual([1])
  })

  it('takes an iterator, and results, that are functions', async () => {
    let n = 0
    const next = () => Object.assign(() => {}, { done: n === 2, value: n++ })
    const source = { [Symbol.iterator]: () => Object.assign(() => {}, { next }) }
    expect(await toArray(from(source as Iterable<number>))).toEqual([0, 1])
  })

  it.each([undefined, null, 1, 'x'])('refuses an iterator that is no object: %s', value => {
    expect(() => from({ [Symbol.iterator]: () => value as never })).toThrow(
      /^from: the source: the iterator must be an object/,
    )
  })

  it('answers a read that comes while an item is on its way', async () => {
    const reads: Promise<unknown>[] = []
    const reader: ReadableStreamDefaultReader<number> = from(new Set([1, 2, 3]))
      .pipeThrough(
        map(n => {
          if (n === 1) reads.push(reader.read())
          return n
        }),
      )
      .getReader()
    reads.unshift(reader.read())
    await settle()
    expect(await soon(Promise.all(reads))).toEqual({ value: [1, 2].map(value => ({ done: false, value })) })
    expect(await soon(reader.read())).toEqual({ value: { done: false, value: 3 } })
  })

  it.each([
    ['promises', (late: Promise<unknown>) => from(iterable<number>([late, 2, 3]))],
    ['asynchronous', (late: Promise<unknown>) => from(asyncOnce(late))],
  ])('answers reads that wait, in their order and with one call of next() at a time: %s', async (_, make) => {
    const late = deferred<unknown>()
    const reader = make(late.promise).getReader()
    const reads = [reader.read()]
    await settle()
    reads.push(reader.read(), reader.read())
    await settle()
    late.resolve(1)
    const results = await soon(Promise.all(reads))
    expect(results).toEqual({ value: [1, 2, 3].map(value => ({ done: false, value })) })
  })
})

describe('from(iterable) with a promise among its items', () => {
  it.each([
    ['fine', cleanup],
    [
      'failing',
      (closed: unknown[]) => ({
        return: (reason: unknown) => ({ value: Promise.reject(closed.push(reason)) }),
      }),
    ],
    ['missing', () => ({})],
  ])('that rejects fails with it, and closes the iterator once; its return() is %s', async (kind, parts) => {
    const closed: unknown[] = []
    const source = iterable<number>([1, Promise.reject(error), 3], parts(closed))
    expect(await soon(readAll(from(source)))).toEqual({ value: { items: [1], failed: true, error } })
    await settle()
    expect(closed).toEqual(kind === 'missing' ? [] : [error])
  })

  it.each(['resolve', 'reject'] as const)('that settles after a cancel does nothing: %s', async how => {
    const late = deferred<unknown>()
    const closed: unknown[] = []
    const seen: unknown[] = []
    const reader = from(iterable([late.promise], cleanup(closed)))
      .pipeThrough(map(item => seen.push(item)))
      .getReader()
    const read = reader.read()
    await settle()
    expect(await soon(reader.cancel('enough'))).toEqual({ value: undefined })
    late[how](error)
    await settle()
    expect([seen, closed]).toEqual([[], ['enough']])
    expect(await read).toEqual({ done: true, value: undefined })
  })
})

describe('cancel() of from(iterable)', () => {
  let held = deferred()

  it.each([{}, { return: undefined }, { return: null }])(
    'resolves when return is not there: %o',
    async parts => {
      expect(await soon(from(iterable([1], parts)).cancel())).toEqual({ value: undefined })
      expect(await soon(from(asyncIterable(parts)).cancel())).toEqual({ value: undefined })
    },
  )

  it.each([
    ['promise', () => from(asyncIterable({ return: () => held.promise.then(() => ({})) }))],
    ['result’s promise', () => from(iterable([1], { return: () => ({ done: true, value: held.promise }) }))],
  ])('waits for the %s of return()', async (_, make) => {
    held = deferred()
    const cancelled = make().cancel()
    expect(await soon(cancelled, 5)).toBe('pending')
    held.resolve()
    expect(await soon(cancelled)).toEqual({ value: undefined })
  })

  it.each([
    ['asynchronous', () => from(asyncIterable({ return: async () => 1 }))],
    ['synchronous', () => from(iterable([1], { return: () => 1 }))],
  ])('says that return() gave no object: %s', async (_, make) => {
    const message = 'from: the iterator’s return() did not give an object'
    expect(await soon(make().cancel())).toEqual({ error: new TypeError(message) })
  })

  it('rejects with what the promise of return() rejects with', async () => {
    expect(await soon(from(asyncIterable({ return: () => Promise.reject(error) })).cancel())).toEqual({
      error,
    })
  })

  it('from within next() keeps the item from the stages', async () => {
    const seen: unknown[] = []
    const next = () => {
      reader.cancel()
      return { done: false, value: 1 }
    }
    const reader = from(iterable([], { next, return: () => ({}) }))
      .pipeThrough(map(item => seen.push(item)))
      .getReader()
    expect(await soon(reader.read())).toEqual({ value: { done: true, value: undefined } })
    expect(seen).toEqual([])
  })
})

describe('from(async iterable)', () => {
  it.each([1, 'x', true])('fails when next() promises %s instead of an object', async value => {
    const result = await soon(drain(from(asyncIterable({ next: async () => value }))))
    expect(result).toEqual({ error: new TypeError('from: the iterator’s next() did not give an object') })
  })

  it.each(['done', 'value'])('fails with what the getter of `%s` throws', async key => {
    const getter = {
      get: () => {
        throw error
      },
    }
    const result = Object.defineProperty({ done: false, value: 1 }, key, getter)
    expect(await soon(drain(from(asyncIterable({ next: async () => result }))))).toEqual({ error })
  })
})
