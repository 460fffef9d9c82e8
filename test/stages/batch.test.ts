import { batch, block, channel, Flow, from, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle, soon } from '../contract/probe.ts'

/** What batch() makes of what is pushed, batch by batch, as it comes. */
function pushed(stage = batch<number>({ size: 3, maxWait: 100 })) {
  const queue = channel<number>(block(100))
  const batches: number[][] = []
  const reader = queue.readable.pipeThrough(stage).getReader()
  const pump = async () => {
    for (let r = await reader.read(); !r.done; r = await reader.read()) batches.push(r.value)
  }
  return { queue, batches, reader, done: pump() }
}

describe('batch() with maxWait', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('closes a batch so long after its first item, full or not', async () => {
    const { queue, batches } = pushed()
    queue.trySend(1)
    await vi.advanceTimersByTimeAsync(60)
    queue.trySend(2)
    await vi.advanceTimersByTimeAsync(39)
    expect(batches).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(batches).toEqual([[1, 2]])
  })

  it('measures each batch from its own first item', async () => {
    const { queue, batches } = pushed()
    for (const n of [1, 2, 3]) queue.trySend(n)
    await vi.advanceTimersByTimeAsync(90)
    expect(batches).toEqual([[1, 2, 3]])
    queue.trySend(4)
    await vi.advanceTimersByTimeAsync(99)
    expect(batches).toEqual([[1, 2, 3]])
    await vi.advanceTimersByTimeAsync(1)
    expect(batches).toEqual([[1, 2, 3], [4]])
  })

  it('runs no timer while no batch is open', async () => {
    const { queue, batches, done } = pushed()
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    for (const n of [1, 2, 3]) queue.trySend(n)
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    queue.trySend(4)
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    queue.close()
    await done
    expect(batches).toEqual([[1, 2, 3], [4]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['cancel', 'abort', 'error'])('stops its timer on %s', async ending => {
    const { queue, reader, done } = pushed()
    done.catch(() => {})
    queue.trySend(1)
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    if (ending === 'cancel') await reader.cancel()
    else await queue.abort(new Error('abort'))
    await settle()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives a batch that came due while nobody read to the next reader', async () => {
    const queue = channel<number>(block(100))
    const reader = queue.readable.pipeThrough(batch({ size: 3, maxWait: 100 })).getReader()
    const first = reader.read()
    queue.trySend(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(await first).toEqual({ done: false, value: [1] })
    queue.trySend(2)
    await vi.advanceTimersByTimeAsync(500)
    expect(await soon(reader.read())).toMatchObject({ value: { done: false } })
    await reader.cancel()
  })

  it('with maxWait 0 closes a batch in the next turn', async () => {
    const { queue, batches } = pushed(batch<number>({ size: 3, maxWait: 0 }))
    queue.trySend(1)
    await vi.advanceTimersByTimeAsync(0)
    expect(batches).toEqual([[1]])
  })
})

describe('batch() with weigh', () => {
  const weighed = (items: number[], size = 10) =>
    toArray(from(items).pipeThrough(batch({ size, weigh: n => n })))

  it('closes a batch before the item that would exceed its size', async () => {
    expect(await weighed([4, 4, 4, 2, 8])).toEqual([[4, 4], [4, 2], [8]])
  })

  it('closes a batch that is exactly full', async () => {
    expect(await weighed([5, 5, 1])).toEqual([[5, 5], [1]])
  })

  it('puts an item heavier than the size into a batch of its own', async () => {
    expect(await weighed([1, 30, 1])).toEqual([[1], [30], [1]])
  })

  it('takes items without weight', async () => {
    expect(await weighed([0, 0, 10, 0])).toEqual([[0, 0, 10], [0]])
  })

  it('takes a size that is no integer', async () => {
    expect(await weighed([0.5, 0.5, 0.5], 1.2)).toEqual([[0.5, 0.5], [0.5]])
  })

  it('asks for the weight of each item once', async () => {
    const asked: number[] = []
    await toArray(from([6, 6, 6]).pipeThrough(batch({ size: 10, weigh: n => asked.push(n) && n })))
    expect(asked).toEqual([6, 6, 6])
  })

  it.each([-1, Number.NaN, 'x', undefined])('fails when the weight is %s', async weight => {
    const stage = batch({ size: 10, weigh: () => weight as number })
    expect(await soon(toArray(from([1]).pipeThrough(stage)))).toEqual({ error: expect.any(RangeError) })
    expect(stage.stats()).toMatchObject({ received: 1, failed: 1 })
  })
})

describe('batch()', () => {
  it('takes a size of Infinity: one batch of everything', async () => {
    expect(await toArray(from([1, 2, 3]).pipeThrough(batch(Infinity)))).toEqual([[1, 2, 3]])
  })

  it('gives no empty batch', async () => {
    expect(await toArray(from([]).pipeThrough(batch(2)))).toEqual([])
    expect(await toArray(from([1, 2]).pipeThrough(batch(2)))).toEqual([[1, 2]])
  })

  it('pulls no further item once a batch is full', async () => {
    let pulled = 0
    const source = new Flow<number>({ pull: c => c.enqueue(pulled++) }, { highWaterMark: 0 })
    const reader = source.pipeThrough(batch(3)).getReader()
    await reader.read()
    await settle()
    expect(pulled).toBe(3)
  })
})
