import { forEach, from } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../src/internal/deferred.ts'
import { settle, soon } from '../contract/probe.ts'

const failure = new Error('source')

const sources: [string, items: () => Generator<unknown>, closed: unknown[]][] = [
  [
    'ended',
    function* () {
      yield 1
    },
    [],
  ],
  [
    'failed',
    function* () {
      yield 1
      throw failure
    },
    [],
  ],
  [
    'given a promise that rejects, which closes it',
    function* () {
      yield 1
      yield Promise.reject(failure)
    },
    [failure],
  ],
]

describe('a source that has come to its end', () => {
  it.each(sources)('is not closed when a function fails afterwards: %s', async (_, items, wanted) => {
    const closed: unknown[] = []
    const [item, own] = [deferred(), new Error('own')]
    const iterator = items()
    const source = {
      [Symbol.iterator]: () => ({
        next: () => iterator.next(),
        return(reason: unknown) {
          closed.push(reason)
          return { done: true as const, value: undefined }
        },
      }),
    }
    const result = forEach(from(source as Iterable<unknown>), () => item.promise, { concurrency: 2 })
    await settle()
    item.reject(own)
    expect(await soon(result)).toEqual({ error: own })
    expect(closed).toEqual(wanted)
  })
})
