import { Flow, from, map, range } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../src/internal/deferred.ts'
import { settle, soon } from './contract/probe.ts'

const error = new Error('error')
const done = { done: true, value: undefined }

describe('the iterator of a flow', () => {
  it('is iterable itself', async () => {
    const items: number[] = []
    for await (const item of range(0, 3).values()) items.push(item)
    expect(items).toEqual([0, 1, 2])
  })

  it('has come to its end after return(), whose clean-up may still be under way', async () => {
    const cleanup = deferred()
    const flow = new Flow<number>({ pull: c => c.enqueue(1), cancel: () => cleanup.promise })
    const iterator = flow.pipeThrough(map(n => n)).values()
    await iterator.next()
    const returned = iterator.return?.()
    expect(await soon(iterator.next())).toEqual({ value: done })
    cleanup.resolve()
    expect(await soon(returned as Promise<unknown>)).toEqual({ value: done })
    expect(await soon(iterator.next())).toEqual({ value: done })
  })

  it('says nothing of a failed clean-up in return() when the flow has failed before', async () => {
    const source = new Flow<number>({
      pull: c => c.enqueue(1),
      cancel: () => Promise.reject(new Error('clean-up')),
    })
    const iterator = source
      .pipeThrough(
        map(() => {
          throw error
        }),
      )
      .values()
    expect(await soon(iterator.next())).toEqual({ error })
    expect(await soon(iterator.return?.() as Promise<unknown>)).toEqual({ value: done })
  })

  it('does not close a source that has ended in return()', async () => {
    const closed: unknown[] = []
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: true as const, value: undefined }),
        return: (reason: unknown) => ({ done: true as const, value: void closed.push(reason) }),
      }),
    }
    const iterator = from(source).values()
    expect(await soon(iterator.next())).toEqual({ value: done })
    expect(await soon(iterator.return?.('late' as never) as Promise<unknown>)).toEqual({
      value: { done: true, value: 'late' },
    })
    expect(closed).toEqual([])
  })

  it('rejects when the stage’s writer aborts, and drops the item that was on its way', async () => {
    const stage = map((n: number) => {
      writer.abort(error).catch(() => {})
      return n
    })
    const writer = stage.writable.getWriter()
    writer.closed.catch(() => {})
    const next = stage.readable.values().next()
    await settle()
    const write = writer.write(1)
    expect(await soon(next)).toEqual({ error })
    expect(await soon(write)).toEqual({ value: undefined })
  })
})
