import { dropWhile, filter, flatMap, forEach, from, map, reduce, sink, takeWhile, tap, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'

/** Everything that calls a function with items, as a run over ['a', 'b'] with that function. */
const callers: Record<string, (fn: (...args: unknown[]) => unknown) => Promise<unknown>> = {
  map: fn => toArray(from(['a', 'b']).pipeThrough(map(fn))),
  'map, concurrency 2': fn => toArray(from(['a', 'b']).pipeThrough(map(fn, { concurrency: 2 }))),
  filter: fn => toArray(from(['a', 'b']).pipeThrough(filter(fn))),
  flatMap: fn => toArray(from(['a', 'b']).pipeThrough(flatMap((...args) => [fn(...args)]))),
  tap: fn => toArray(from(['a', 'b']).pipeThrough(tap(fn))),
  takeWhile: fn => toArray(from(['a', 'b']).pipeThrough(takeWhile((...args) => (fn(...args), true)))),
  dropWhile: fn => toArray(from(['a', 'b']).pipeThrough(dropWhile((...args) => (fn(...args), true)))),
  forEach: fn => forEach(from(['a', 'b']), fn),
  sink: fn => from(['a', 'b']).pipeTo(sink(fn)),
}

describe.each(Object.entries(callers))('%s()', (_, run) => {
  it('calls its function with the item, its index and its signal', async () => {
    const calls: unknown[][] = []
    await run((...args) => calls.push(args))
    expect(calls.map(([item]) => item)).toEqual(['a', 'b'])
    expect(calls.map(([, context]) => (context as { index: number }).index)).toEqual([0, 1])
    expect(calls.map(([, context]) => (context as { signal: unknown }).signal)).toEqual([
      expect.any(AbortSignal),
      expect.any(AbortSignal),
    ])
  })
})

describe.each([
  ['map', (fn: (item: unknown) => unknown) => toArray(from(['a']).pipeThrough(map(fn)))],
  ['filter', (fn: (item: unknown) => unknown) => toArray(from(['a']).pipeThrough(filter(fn)))],
  ['tap', (fn: (item: unknown) => unknown) => toArray(from(['a']).pipeThrough(tap(fn)))],
  ['forEach', (fn: (item: unknown) => unknown) => forEach(from(['a']), fn)],
  ['sink', (fn: (item: unknown) => unknown) => from(['a']).pipeTo(sink(fn))],
])('%s()', (_, run) => {
  it('calls a function of one parameter with the item alone', async () => {
    let given: unknown[] = []
    // A function that declares one parameter and looks at all that it gets.
    function one(_item: unknown): void {
      // biome-ignore lint/complexity/noArguments: the only way to see more than was declared
      given = [...arguments]
    }
    await run(one)
    expect(given).toEqual(['a'])
  })
})

describe('dropWhile()', () => {
  it('asks no more once an item got through', async () => {
    const asked: number[] = []
    const items = await toArray(from([1, 5, 1, 2]).pipeThrough(dropWhile(n => asked.push(n) && n < 3)))
    expect(items).toEqual([5, 1, 2])
    expect(asked).toEqual([1, 5])
  })
})

describe('takeWhile()', () => {
  it('asks no more after the first refusal, and takes no further item', async () => {
    const asked: number[] = []
    await toArray(from([1, 5, 1]).pipeThrough(takeWhile(n => asked.push(n) && n < 3)))
    expect(asked).toEqual([1, 5])
  })
})

describe('flatMap()', () => {
  it('refuses a string, as TC39 does', async () => {
    await expect(toArray(from([1]).pipeThrough(flatMap(() => 'text' as never)))).rejects.toThrow(
      /string.*array/,
    )
  })

  it('fails with the error of a locked stream', async () => {
    const locked = new ReadableStream()
    locked.getReader()
    await expect(toArray(from([1]).pipeThrough(flatMap(() => locked)))).rejects.toThrow(TypeError)
  })
})

describe('reduce()', () => {
  it('hands index and signal to a function of three parameters', async () => {
    expect(await reduce(from(['a', 'b']), (all, s, { index }) => `${all}${s}${index}`, '')).toBe('a0b1')
  })
})
