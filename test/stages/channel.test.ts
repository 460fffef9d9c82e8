import {
  block,
  channel,
  dropNewest,
  Flow,
  from,
  reject,
  Stage,
  type Strategy,
  timeout,
  toArray,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualTime, rest } from '../contract/overflow-driver.ts'
import { soon } from '../contract/probe.ts'

beforeEach(manualTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('channel()', () => {
  it('is a stage: its readable is a flow, a flow can be piped into it', async () => {
    const queue = channel<number>(block(2))
    expect(queue).toBeInstanceOf(Stage)
    expect(queue.readable).toBeInstanceOf(Flow)
    expect(await toArray(from([1, 2, 3]).pipeThrough(queue))).toEqual([1, 2, 3])
  })

  it('takes items from its writable, from send() and from trySend() in one order', async () => {
    const queue = channel<number>(block(9))
    const writer = queue.writable.getWriter()
    writer.write(1)
    queue.send(2)
    queue.trySend(3)
    writer.write(4)
    queue.close()
    expect(await toArray(queue.readable)).toEqual([1, 2, 3, 4])
  })

  it('needs a strategy', () => {
    expect(() => channel(undefined as unknown as Strategy)).toThrow(TypeError)
  })

  it('is called "channel" unless it is given a name', () => {
    expect(channel(block(1)).stats().name).toBe('channel')
    expect(channel(block(1), { name: 'orders' }).stats().name).toBe('orders')
  })

  it.each([5, null, 'name'])('refuses %o as options', options => {
    expect(() => channel(block(1), options as unknown as object)).toThrow(TypeError)
  })

  it('hands an item to a reader that waits without holding it', async () => {
    const queue = channel<number>(reject(1))
    const read = queue.readable.getReader().read()
    await rest()
    expect([queue.trySend(1), queue.size]).toEqual([true, 0])
    expect(await read).toEqual({ done: false, value: 1 })
  })

  it('passes promises on as they are', async () => {
    const queue = channel<unknown>(block(2))
    const item = Promise.resolve(1)
    queue.trySend(item)
    queue.close()
    expect((await toArray(queue.readable))[0]).toBe(item)
  })
})

describe('size, capacity and utilization', () => {
  it('tell how many items are held', () => {
    const queue = channel<number>(block(4))
    queue.trySend(1)
    expect([queue.size, queue.capacity, queue.utilization]).toEqual([1, 4, 0.25])
  })

  it('tell the weight of weighed items', () => {
    const queue = channel<number>(block({ highWaterMark: 8, size: n => n }))
    queue.trySend(6)
    expect([queue.size, queue.capacity, queue.utilization]).toEqual([6, 8, 0.75])
  })

  it('utilization is never above 1', () => {
    const queue = channel<number>(block({ highWaterMark: 2, size: n => n }))
    queue.trySend(6)
    expect([queue.size, queue.utilization]).toEqual([6, 1])
  })

  it('utilization of an unlimited channel is 0', () => {
    const queue = channel<number>(block(Infinity))
    queue.trySend(6)
    expect([queue.capacity, queue.utilization, queue.stats().utilization]).toEqual([Infinity, 0, 0])
  })

  it('cannot be written to', () => {
    expect(() => Object.assign(channel(block(1)), { size: 3 })).toThrow(TypeError)
  })
})

describe('trySend()', () => {
  it('is false and counts nothing where the strategy would wait', () => {
    const queue = channel<number>(timeout(1, 5))
    expect([queue.trySend(1), queue.trySend(2)]).toEqual([true, false])
    expect(queue.stats()).toMatchObject({ received: 1, timedOut: 0 })
  })

  it('does not overtake those who wait', async () => {
    const queue = channel<number>(block({ highWaterMark: 4, size: n => n }))
    queue.trySend(3)
    queue.send(2)
    expect(queue.trySend(1)).toBe(false)
    queue.close()
    expect(await toArray(queue.readable)).toEqual([3, 2])
  })

  it('is false once the channel is closed, aborted or cancelled', async () => {
    const [closed, aborted, cancelled] = [0, 1, 2].map(() => channel<number>(block(1)))
    closed?.close()
    aborted?.abort('enough')
    await cancelled?.readable.cancel()
    for (const queue of [closed, aborted, cancelled]) expect(queue?.trySend(1)).toBe(false)
  })
})

describe('send()', () => {
  it('resolves with true for an item that is in, with false for one that was dropped', async () => {
    const queue = channel<number>(dropNewest(1))
    expect([await queue.send(1), await queue.send(2)]).toEqual([true, false])
  })

  it('keeps its timeout whatever the strategy says', async () => {
    for (const strategy of [block<number>(1), timeout<number>(1, 1_000)]) {
      const queue = channel(strategy)
      queue.trySend(1)
      const late = queue.send(2, { timeout: 7 }).catch(error => error)
      await vi.advanceTimersByTimeAsync(6)
      expect(queue.stats().timedOut).toBe(0)
      await vi.advanceTimersByTimeAsync(1)
      expect(await late).toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', timeout: 7, item: 2 })
      expect(queue.stats()).toMatchObject({ timedOut: 1, received: 2 })
    }
  })

  it('rejects with the reason of a signal that has fired, and takes nothing', async () => {
    const queue = channel<number>(block(1))
    for (const reason of [null, 0, 'enough']) {
      await expect(queue.send(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    }
    expect(queue.stats().received).toBe(0)
  })

  it('rejects with the reason of a signal that fires while it waits, and listens no longer', async () => {
    const queue = channel<number>(block(1))
    queue.trySend(1)
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const waiting = queue.send(2, { signal: controller.signal })
    controller.abort('enough')
    await expect(waiting).rejects.toBe('enough')
    expect(removed).toHaveBeenCalledTimes(1)
    expect(queue.stats().received).toBe(1)
  })

  it.each(['size', 'priority'])(
    'rejects when the signal fires within %s, and holds nothing',
    async within => {
      const controller = new AbortController()
      const measure = (item: number): number => {
        if (item === 2) controller.abort('enough')
        return 1
      }
      const queue =
        within === 'size'
          ? channel<number>(block({ highWaterMark: 1, size: measure }))
          : channel<number>(block(1), { priority: measure })
      queue.trySend(1)
      expect(await soon(queue.send(2, { signal: controller.signal, timeout: 60_000 }))).toEqual({
        error: 'enough',
      })
      expect(queue.stats()).toMatchObject({ received: 1, queued: 1 })
      const all = toArray(queue.readable)
      await queue.send(3)
      void queue.close()
      expect(await all).toEqual([1, 3])
    },
  )

  it('does not listen to the signal of an item that is in', async () => {
    const queue = channel<number>(block(2))
    const controller = new AbortController()
    const added = vi.spyOn(controller.signal, 'addEventListener')
    await queue.send(1, { signal: controller.signal })
    controller.abort()
    expect(added).not.toHaveBeenCalled()
    expect(queue.size).toBe(1)
  })

  it.each<[object, typeof Error]>([
    [{ timeout: -1 }, RangeError],
    [{ timeout: Number.NaN }, RangeError],
    [{ timeout: '5' }, TypeError],
    [{ signal: {} }, TypeError],
    [5 as unknown as object, TypeError],
  ])('rejects with a clear error for %o', async (options, kind) => {
    const queue = channel<number>(block(1))
    await expect(queue.send(1, options)).rejects.toThrow(kind)
    expect(queue.stats().received).toBe(0)
  })

  it('says which channel is closed', async () => {
    const queue = channel<number>(block(1), { name: 'orders' })
    queue.close()
    await expect(queue.send(1)).rejects.toThrow(new TypeError('orders: the writable side is closed'))
  })

  it('leaves no timer and no listener behind, however its wait ends', async () => {
    for (const end of ['taken', 'given up', 'late', 'aborted', 'cancelled']) {
      const queue = channel<number>(timeout(1, 1_000))
      queue.trySend(1)
      const controller = new AbortController()
      const removed = vi.spyOn(controller.signal, 'removeEventListener')
      const waiting = queue.send(2, { signal: controller.signal, timeout: 5 }).catch(() => {})
      expect(vi.getTimerCount(), end).toBe(1)
      if (end === 'taken') await queue.readable.getReader().read()
      else if (end === 'given up') controller.abort()
      else if (end === 'late') vi.advanceTimersByTime(5)
      else if (end === 'aborted') await queue.abort()
      else await queue.readable.cancel()
      await waiting
      expect(vi.getTimerCount(), end).toBe(0)
      expect(removed, end).toHaveBeenCalledTimes(1)
    }
  })
})
