import {
  block,
  channel,
  Flow,
  first,
  flatMap,
  from,
  map,
  reduce,
  take,
  toArray,
  type WindowOptions,
  window,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectLaw, outcome, settle, soon } from '../contract/probe.ts'
import { manualClock, pass } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

/** A source of 0, 1, 2, … and what was made of it. */
function counting() {
  const cancelled: unknown[] = []
  let pulled = 0
  const stream = new Flow<number>(
    { pull: c => c.enqueue(pulled++), cancel: reason => void cancelled.push(reason) },
    { highWaterMark: 0 },
  )
  return { stream, cancelled, pulled: () => pulled }
}

/** Windows of items that are given by hand. */
function pushed(options: WindowOptions<number>) {
  const cancelled: unknown[] = []
  let controller!: ReadableStreamDefaultController<number>
  const stream = new Flow<number>(
    { start: c => void (controller = c), cancel: reason => void cancelled.push(reason) },
    { highWaterMark: 0 },
  )
  const stage = window<number>(options)
  return {
    stage,
    cancelled,
    reader: stream.pipeThrough(stage).getReader(),
    give: (item: number) => controller.enqueue(item),
    fail: (error: unknown) => controller.error(error),
    end: () => controller.close(),
  }
}

/** The reader of the next window. */
const opened = async (reader: ReadableStreamDefaultReader<Flow<number>>) =>
  ((await reader.read()).value as Flow<number>).getReader()

describe('window()', () => {
  it('makes its source wait for a window that nobody reads', async () => {
    const { stream, pulled } = counting()
    const stage = window<number>({ size: 3 })
    const reader = stream.pipeThrough(stage).getReader()
    const { value: unread } = await reader.read()
    const next = outcome(reader.read())
    await settle()
    expect(pulled()).toBe(1)
    expect(stage.stats()).toMatchObject({ received: 1, inFlight: 1, emitted: 1 })
    expect(await toArray(unread as Flow<number>)).toEqual([0, 1, 2])
    expect(await soon(next)).toHaveProperty('value')
    await reader.cancel()
  })

  it('waits for a window that is over by its time but still holds its item', async () => {
    const queue = channel<number>(block(9))
    const reader = queue.readable.pipeThrough(window<number>({ time: 10 })).getReader()
    queue.trySend(1)
    const { value: unread } = await reader.read()
    const next = outcome(reader.read())
    await pass(30)
    queue.trySend(2)
    expect(await soon(next)).toBe('pending')
    expect(await toArray(unread as Flow<number>)).toEqual([1])
    expect(await soon(next)).toHaveProperty('value')
    await reader.cancel()
    expect(vi.getTimerCount()).toBe(1)
  })

  it('has a timer only while a window is open', async () => {
    const queue = channel<number>(block(9))
    const windows = queue.readable.pipeThrough(window<number>({ size: 2, time: 10 }))
    const reading = toArray(windows.pipeThrough(map(items => toArray(items))))
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    queue.trySend(1)
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    queue.trySend(2)
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    queue.trySend(3)
    await settle()
    queue.close()
    expect(await reading).toEqual([[1, 2], [3]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('runs no timer for a full window that waits to be read', async () => {
    const reader = counting()
      .stream.pipeThrough(window<number>({ size: 1, time: 10 }))
      .getReader()
    await reader.read()
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    await reader.cancel()
  })

  it('keeps the item that came when the window that asked for it was over', async () => {
    const queue = channel<number>(block(1))
    const stage = window<number>({ time: 10 })
    const reader = queue.readable.pipeThrough(stage).getReader()
    queue.trySend(1)
    const { value: items } = await reader.read()
    const reading = toArray(items as Flow<number>)
    await pass(10)
    expect(await reading).toEqual([1])
    queue.trySend(2)
    await settle()
    expect(stage.stats()).toMatchObject({ received: 2, inFlight: 1, emitted: 1 })
    // Its time has begun, though nobody has seen it.
    await pass(10)
    queue.trySend(3)
    await settle()
    expect(stage.stats().received).toBe(2)
    expect(await toArray((await reader.read()).value as Flow<number>)).toEqual([2])
    await reader.cancel()
  })

  it.each([new Error('source'), undefined])(
    'fails the open window, then the outer flow, with the error %s of the source',
    async error => {
      const { reader, stage, give, fail } = pushed({ size: 3 })
      give(1)
      const items = await opened(reader)
      const order: unknown[] = []
      await items.read()
      const inner = items.read().catch(error => order.push('inner', error))
      const outer = reader.read().catch(error => order.push('outer', error))
      await settle()
      fail(error)
      await Promise.all([inner, outer])
      expect(order).toEqual(['inner', error, 'outer', error])
      expectLaw(stage)
    },
  )

  it('gives the item of a window before the error that came after it', async () => {
    const { reader, give, fail } = pushed({ size: 3 })
    give(1)
    const items = await opened(reader)
    const outer = outcome(reader.read())
    fail('source')
    expect(await soon(outer)).toBe('pending')
    expect((await items.read()).value).toBe(1)
    expect(await soon(items.read())).toEqual({ error: 'source' })
    expect(await soon(outer)).toEqual({ value: { error: 'source' } })
  })

  it('fails both at once when it is aborted, and discards the item that nobody has read', async () => {
    const stage = window<number>({ size: 3, time: 1000 })
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    writer.write(1).catch(() => {})
    const items = await opened(reader)
    const outer = outcome(reader.read())
    await settle()
    writer.abort('enough').catch(() => {})
    expect(await soon(items.read())).toEqual({ error: 'enough' })
    expect(await soon(outer)).toEqual({ value: { error: 'enough' } })
    expect(stage.stats()).toMatchObject({ received: 1, discarded: 1, inFlight: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fails a window that nobody has begun to read when it is aborted', async () => {
    const stage = window<number>({ size: 3 })
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    writer.write(1).catch(() => {})
    const { value: items } = await reader.read()
    writer.abort('enough').catch(() => {})
    await settle()
    expect(await soon(toArray(items as Flow<number>))).toEqual({ error: 'enough' })
  })

  it('ends the open window with the input, and the outer flow when that is read', async () => {
    const { reader, give, end } = pushed({ size: 3 })
    give(1)
    const { value: items } = await reader.read()
    const outer = outcome(reader.read())
    end()
    expect(await soon(outer)).toBe('pending')
    expect(await toArray(items as Flow<number>)).toEqual([1])
    expect(await outer).toEqual({ value: { done: true, value: undefined } })
  })

  it('gives no window for no items', async () => {
    expect(await toArray(from([]).pipeThrough(window({ time: 10 })))).toEqual([])
    const exact = from([1, 2]).pipeThrough(window({ size: 2 }))
    expect(await toArray(exact.pipeThrough(map(items => toArray(items))))).toEqual([[1, 2]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives whole windows to who takes a few, and then closes the source', async () => {
    const { stream, cancelled, pulled } = counting()
    const windows = stream.pipeThrough(window<number>({ size: 3 })).pipeThrough(take(2))
    const reading = toArray(windows.pipeThrough(flatMap(items => toArray(items))))
    expect(await soon(reading)).toEqual({ value: [0, 1, 2, 3, 4, 5] })
    expect(cancelled).toEqual([undefined])
    expect(pulled()).toBe(6)
  })

  it('gives the whole first window to first()', async () => {
    const { stream, cancelled } = counting()
    const items = (await first(stream.pipeThrough(window<number>({ size: 2 })))) as Flow<number>
    expect(cancelled).toEqual([])
    expect(await toArray(items)).toEqual([0, 1])
    expect(cancelled).toEqual([undefined])
  })

  it('closes the source once its last window is cancelled after the outer flow was', async () => {
    const { reader, cancelled, give, stage } = pushed({ size: 5, time: 1000 })
    give(1)
    const items = await opened(reader)
    await items.read()
    await reader.cancel()
    expect(cancelled).toEqual([])
    await items.cancel('inner')
    expect(cancelled).toEqual(['inner'])
    expect(vi.getTimerCount()).toBe(0)
    expectLaw(stage)
  })

  it('fails the open window and closes the source when the outer flow is cancelled with a reason', async () => {
    const { reader, cancelled, give, stage } = pushed({ size: 5, time: 1000 })
    give(1)
    const items = await opened(reader)
    await reader.cancel('reason')
    expect(cancelled).toEqual(['reason'])
    expect(await soon(items.read())).toEqual({ error: 'reason' })
    expect(stage.stats()).toMatchObject({ received: 1, discarded: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('closes the source when whoever takes a window throws before reading it', async () => {
    const { stream, cancelled } = counting()
    const error = new Error('thrown')
    const failing = map<unknown, never>(() => {
      throw error
    })
    const reading = toArray(stream.pipeThrough(window<number>({ size: 3 })).pipeThrough(failing))
    expect(await soon(reading)).toEqual({ error })
    expect(cancelled).toEqual([error])
  })

  it('closes the source at once when the window that is open was cancelled', async () => {
    const { reader, cancelled, give } = pushed({ size: 5, time: 1000 })
    give(1)
    await (await opened(reader)).cancel('inner')
    expect(cancelled).toEqual([])
    await reader.cancel('outer')
    expect(cancelled).toEqual(['outer'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('closes the source at once when no window is open, or nobody has seen it', async () => {
    const none = pushed({ size: 5 })
    await none.reader.cancel('none')
    expect(none.cancelled).toEqual(['none'])
    const unseen = pushed({ time: 10 })
    unseen.give(1)
    const items = await opened(unseen.reader)
    await items.read()
    const rest = items.read()
    await pass(10)
    expect((await rest).done).toBe(true)
    unseen.give(2)
    await settle()
    await unseen.reader.cancel('unseen')
    expect(unseen.cancelled).toEqual(['unseen'])
    expect(unseen.stage.stats()).toMatchObject({ received: 2, done: 1, discarded: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends the last window when the source ends after the outer flow was cancelled', async () => {
    for (const how of ['end', 'fail', 'abort'] as const) {
      const stage = window<number>({ size: 5 })
      const writer = stage.writable.getWriter()
      const reader = stage.readable.getReader()
      const written = outcome(writer.write(1))
      const items = await opened(reader)
      await items.read()
      await written
      await reader.cancel()
      if (how === 'end') writer.close().catch(() => {})
      else writer.abort('source').catch(() => {})
      const last = await soon(items.read())
      expect(last).toEqual(how === 'end' ? { value: { done: true, value: undefined } } : { error: 'source' })
      expectLaw(stage)
      expect(stage.stats().inFlight).toBe(0)
    }
  })

  it('drops what still comes for a cancelled window, only when the next one is wanted', async () => {
    const dropped: unknown[] = []
    const { stream, pulled } = counting()
    const stage = window<number>({ size: 3, onDrop: (item, reason) => dropped.push([item, reason]) })
    const reader = stream.pipeThrough(stage).getReader()
    const items = await opened(reader)
    await items.read()
    await items.cancel()
    await settle()
    expect(pulled()).toBe(1)
    expect(await toArray((await reader.read()).value as Flow<number>)).toEqual([3, 4, 5])
    expect(dropped).toEqual([
      [1, 'window'],
      [2, 'window'],
    ])
    await reader.cancel()
    expect(stage.stats()).toMatchObject({ received: 6, done: 4, dropped: 2, discarded: 0 })
  })

  it('drops what comes for a cancelled window until its time is over', async () => {
    const { reader, give, stage } = pushed({ time: 10 })
    give(1)
    const items = await opened(reader)
    await items.cancel()
    expect(stage.stats().dropped).toBe(1)
    const next = outcome(reader.read())
    give(2)
    await pass(9)
    expect(stage.stats().dropped).toBe(2)
    await pass(1)
    give(3)
    expect(await soon(next)).toHaveProperty('value')
    expect(stage.stats()).toMatchObject({ dropped: 2, inFlight: 1 })
    await reader.cancel()
  })

  it('keeps the event loop turning while it drops, so that the time comes', async () => {
    vi.useRealTimers()
    const { stream } = counting()
    const reader = stream.pipeThrough(window<number>({ time: 20 })).getReader()
    await (await opened(reader)).cancel()
    expect((await reader.read()).done).toBe(false)
    await reader.cancel()
  })

  it.each(['held', 'coming'])('fails with what onDrop throws: an item that is %s', async when => {
    const error = new Error('thrown')
    const onDrop = () => {
      throw error
    }
    const { reader, give, cancelled, stage } = pushed({ size: 3, onDrop })
    give(1)
    const items = await opened(reader)
    if (when === 'coming') await items.read()
    await items.cancel()
    const next = outcome(reader.read())
    if (when === 'coming') give(2)
    expect(await soon(next)).toEqual({ value: { error } })
    expect(cancelled).toEqual([error])
    expectLaw(stage)
  })

  it('runs windows and what reads them as one loop', async () => {
    const sums = from([1, 2, 3, 4, 5])
      .pipeThrough(window({ size: 2 }))
      .pipeThrough(map(items => reduce(items, (sum, n) => sum + n, 0)))
    expect(await toArray(sums)).toEqual([3, 7, 5])
    const flat = from([1, 2, 3, 4, 5])
      .pipeThrough(window({ size: 2 }))
      .pipeThrough(flatMap(items => items, { concurrency: 3, ordered: false }))
    expect(await toArray(flat)).toEqual([1, 2, 3, 4, 5])
  })

  it('lets a late reader of a finished window see nothing of the next one', async () => {
    const { stream } = counting()
    const reader = stream.pipeThrough(window<number>({ size: 1 })).getReader()
    const items = await opened(reader)
    expect((await items.read()).value).toBe(0)
    await reader.read()
    expect((await items.read()).done).toBe(true)
    await items.cancel()
    await reader.cancel()
  })

  it.each<[unknown, string]>([
    [undefined, 'window: options must be { size, time }, received undefined'],
    [{}, 'window: options must have a size or a time, received [object Object]'],
    [{ size: 0 }, 'window: size must be a positive integer or Infinity, received 0'],
    [{ time: 0 }, 'window: time must be at least 1, received 0'],
    [{ time: '1s' }, 'window: time must be a number of milliseconds, received "1s"'],
    [3, 'window: options must be an object, received 3'],
  ])('refuses %o', (options, message) => {
    expect(() => window(options as WindowOptions<unknown>)).toThrow(message)
  })
})
