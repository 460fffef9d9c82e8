import { from, map, tap, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../src/internal/deferred.ts'
import { settle, soon } from '../contract/probe.ts'

const error = new Error('error')

describe('from(array)', () => {
  it('gives items of every kind as they are', async () => {
    const items = [{ a: 1 }, null, undefined, [1], () => 1, Symbol.iterator, 0n]
    const given = await toArray(from(items))
    expect(given.length).toBe(items.length)
    for (const [at, item] of items.entries()) expect(given[at]).toBe(item)
  })

  it('answers reads that wait for a promise, in their order', async () => {
    const late = deferred<unknown>()
    const reader = from([late.promise, 2, 3]).getReader()
    const reads = [reader.read()]
    await settle()
    reads.push(reader.read(), reader.read())
    await settle()
    late.resolve(1)
    const results = await soon(Promise.all(reads))
    expect(results).toEqual({ value: [1, 2, 3].map(value => ({ done: false, value })) })
  })

  it('gives nothing more when a stage’s function aborts the chain', async () => {
    const abort = new AbortController()
    const seen: number[] = []
    const flow = from([1, 2, 3, 4]).pipeThrough(
      tap(n => {
        if (seen.push(n) === 2) abort.abort(error)
      }),
    )
    expect(await soon(toArray(flow, { signal: abort.signal }))).toEqual({ error })
    expect(seen).toEqual([1, 2])
  })

  it.each(['resolve', 'reject'] as const)('gives no promise that settles after a cancel: %s', async how => {
    const late = deferred<unknown>()
    const seen: unknown[] = []
    const reader = from([late.promise, 2])
      .pipeThrough(map(item => seen.push(item)))
      .getReader()
    const read = reader.read()
    await settle()
    expect(await soon(reader.cancel())).toEqual({ value: undefined })
    late[how](error)
    await settle()
    expect(seen).toEqual([])
    expect(await read).toEqual({ done: true, value: undefined })
  })
})
