import { block, channel, debounce, dropNewest, Flow, from, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectLaw, settle, soon } from '../contract/probe.ts'
import { manualClock, pass } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

const pushed = (stage = debounce<number>(10)) => {
  const queue = channel<number>(block(1))
  return { queue, stage, reader: queue.readable.pipeThrough(stage).getReader() }
}

describe('debounce()', () => {
  it('starts one timer for items in quick succession, and none before and after', async () => {
    const { queue, reader } = pushed()
    const start = vi.spyOn(globalThis, 'setTimeout')
    const read = reader.read()
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    for (let n = 0; n < 100; n++) queue.trySend(n)
    expect(start).toHaveBeenCalledTimes(1)
    await pass(10)
    expect((await read).value).toBe(99)
    expect(vi.getTimerCount()).toBe(0)
    start.mockRestore()
    await reader.cancel()
  })

  it('never makes its source wait: the writer of each item goes on at once', async () => {
    const { queue, stage, reader } = pushed()
    reader.read()
    await settle()
    for (let n = 0; n < 5; n++) expect(queue.trySend(n)).toBe(true)
    await pass(10)
    // Nobody reads now: an item that is due is replaced.
    for (let n = 5; n < 10; n++) expect(queue.trySend(n)).toBe(true)
    await pass(20)
    for (let n = 10; n < 15; n++) expect(queue.trySend(n)).toBe(true)
    expect(stage.stats()).toMatchObject({ received: 15, done: 1, inFlight: 1, dropped: 13 })
    const read = reader.read()
    await pass(10)
    expect((await read).value).toBe(14)
    await reader.cancel()
  })

  it('with 0 ms takes items of the same turn for one', async () => {
    const { queue, reader } = pushed(debounce<number>(0))
    const read = reader.read()
    await settle()
    for (const n of [1, 2, 3]) queue.trySend(n)
    await pass(1)
    expect((await read).value).toBe(3)
    await reader.cancel()
  })

  it('discards what is kept back when the source fails, and counts it', async () => {
    let fail: (error: unknown) => void = () => {}
    const source = new Flow<number>(
      { start: controller => void ((fail = e => controller.error(e)), controller.enqueue(1)) },
      { highWaterMark: 0 },
    )
    const stage = debounce<number>(10)
    const read = toArray(source.pipeThrough(stage))
    await settle()
    fail('source')
    expect(await soon(read)).toEqual({ error: 'source' })
    expect(stage.stats()).toMatchObject({ received: 1, discarded: 1, inFlight: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives an item that is due before the error that came after it', async () => {
    let fail: (error: unknown) => void = () => {}
    const source = new Flow<number>(
      {
        start: controller => {
          fail = e => controller.error(e)
          controller.enqueue(1)
        },
        pull: async controller => {
          await new Promise(resolve => setTimeout(resolve, 3))
          controller.enqueue(2)
          controller.close = () => {}
          await new Promise(() => {})
        },
      },
      { highWaterMark: 0 },
    )
    const stage = debounce<number>(10, { maxWait: 1 })
    const reader = source.pipeThrough(stage).getReader()
    const read = reader.read()
    await pass(1)
    expect((await read).value).toBe(1)
    await pass(20)
    fail('source')
    await settle()
    expect((await reader.read()).value).toBe(2)
    expect(await soon(reader.read())).toEqual({ error: 'source' })
  })

  it.each(['cancel', 'abort'])('stops its timer on %s', async ending => {
    const { queue, stage, reader } = pushed()
    const read = reader.read().catch(error => error)
    await settle()
    queue.trySend(1)
    expect(vi.getTimerCount()).toBe(1)
    if (ending === 'cancel') await reader.cancel()
    else await queue.abort('enough')
    await read
    expect(vi.getTimerCount()).toBe(0)
    expect(stage.stats()).toMatchObject({ received: 1, discarded: 1, inFlight: 0 })
  })

  it('fails with what onDrop throws', async () => {
    const error = new Error('thrown')
    const onDrop = () => {
      throw error
    }
    const stage = debounce<number>(10, { onDrop })
    await expect(toArray(from([1, 2, 3]).pipeThrough(stage))).rejects.toBe(error)
    expect(stage.stats()).toMatchObject({ received: 2, dropped: 1, discarded: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stops when onDrop aborts', async () => {
    const controller = new AbortController()
    const stage = debounce<number>(10, { onDrop: () => controller.abort('enough') })
    const reading = toArray(from([1, 2, 3]).pipeThrough(stage), { signal: controller.signal })
    await expect(reading).rejects.toBe('enough')
    expectLaw(stage)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells onDrop of its inbox too', async () => {
    const dropped: unknown[] = []
    const stage = debounce<number>(10, {
      strategy: dropNewest(1),
      onDrop: (item, reason) => dropped.push([item, reason]),
    })
    const writer = stage.writable.getWriter()
    for (const n of [1, 2]) writer.write(n)
    const reading = toArray(stage.readable)
    await settle()
    writer.write(3)
    writer.close()
    expect(await reading).toEqual([3])
    expect(dropped).toEqual([
      [2, 'dropNewest'],
      [1, 'debounce'],
    ])
  })

  it('keeps the event loop turning behind a source that never comes to rest', async () => {
    vi.useRealTimers()
    let pulled = 0
    const source = new Flow<number>({ pull: c => c.enqueue(pulled++) }, { highWaterMark: 0 })
    const reader = source.pipeThrough(debounce<number>(1, { maxWait: 1 })).getReader()
    await reader.read()
    // Nobody reads, and the source is drained all the same: without a pause no timer would ever fire.
    const turns: number[] = []
    for (let turn = 0; turn < 3; turn++) {
      await new Promise(resolve => setTimeout(resolve, 1))
      turns.push(pulled)
    }
    await reader.cancel()
    expect(turns).toEqual([...new Set(turns)])
  })

  it.each<[unknown, object | undefined, string]>([
    [-1, undefined, 'debounce: ms must be from 0 to 2147483647 milliseconds, received -1'],
    ['5', undefined, 'debounce: ms must be a number of milliseconds, received "5"'],
    [5, { maxWait: -1 }, 'debounce: maxWait must be from 0 to 2147483647 milliseconds, received -1'],
    [5, 3 as never, 'debounce: options must be an object, received 3'],
  ])('refuses %o, %o', (ms, options, message) => {
    expect(() => debounce(ms as number, options)).toThrow(message)
  })
})
