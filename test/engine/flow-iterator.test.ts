import { from, map } from 'sluice'
import { expect, it } from 'vitest'
import { soon } from '../contract/probe.ts'

it.each([
  ['array', () => from([1, 2, 3])],
  ['set', () => from(new Set([1, 2, 3]))],
])(
  'answers calls of next() that a stage makes while an item is on its way, in their order: %s',
  async (_, source) => {
    let second: Promise<unknown> | undefined
    const iterator: AsyncIterator<number> = source()
      .pipeThrough(
        map(n => {
          if (n === 1) second = iterator.next()
          return n
        }),
      )
      [Symbol.asyncIterator]()
    const first = iterator.next()
    expect(await soon(first)).toEqual({ value: { done: false, value: 1 } })
    expect(await soon(second as Promise<unknown>)).toEqual({ value: { done: false, value: 2 } })
    expect(await soon(iterator.next())).toEqual({ value: { done: false, value: 3 } })
  },
)
