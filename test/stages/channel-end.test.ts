import { block, channel, map, spill, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualTime, rest } from '../contract/overflow-driver.ts'
import { MemoryStore } from '../policies/spill/memory-store.ts'

beforeEach(manualTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('close()', () => {
  it('settles once the items inside are through, those who wait included', async () => {
    const queue = channel<number>(block(1))
    queue.trySend(1)
    queue.send(2)
    let closed = false
    queue.close().then(() => (closed = true))
    const reader = queue.readable.getReader()
    await reader.read()
    await rest()
    expect(closed).toBe(false)
    expect(await reader.read()).toEqual({ done: false, value: 2 })
    expect(await reader.read()).toEqual({ done: true, value: undefined })
    await rest()
    expect(closed).toBe(true)
  })

  it('may be called again', async () => {
    const queue = channel<number>(block(1))
    expect(queue.close()).toBe(queue.close())
    await toArray(queue.readable)
    await queue.close()
  })

  it.each([
    ['block', () => block<number>(1)],
    ['spill', () => spill<number>(new MemoryStore())],
  ])('settles for its caller and for a writer that closes too, with %s', async (_, strategy) => {
    const queue = channel<number>(strategy())
    await queue.send(1)
    const closed = Promise.all([queue.close(), queue.writable.getWriter().close()])
    await rest()
    expect(await toArray(queue.readable)).toEqual([1])
    await closed
  })

  it('rejects with the reason of a cancel or an abort that comes before the end', async () => {
    for (const end of ['cancel', 'abort']) {
      const queue = channel<number>(block(1))
      queue.trySend(1)
      const closed = queue.close()
      if (end === 'cancel') await queue.readable.cancel(undefined)
      else await queue.abort(undefined)
      expect(
        await closed.then(
          () => 'closed',
          error => ({ error }),
        ),
      ).toEqual({ error: undefined })
    }
  })

  it('that nobody listens to is no unhandled rejection', async () => {
    const queue = channel<number>(block(1))
    queue.trySend(1)
    queue.close()
    await queue.abort('enough')
    await rest()
  })
})

describe('abort()', () => {
  it('gives its very reason to readers, to those who wait and to those who come later', async () => {
    const queue = channel<number>(block(1))
    const reason = { enough: true }
    queue.trySend(1)
    const waiting = queue.send(2)
    waiting.catch(() => {})
    await queue.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await expect(queue.send(3)).rejects.toBe(reason)
    await expect(toArray(queue.readable)).rejects.toBe(reason)
    expect(queue.stats()).toMatchObject({ received: 1, discarded: 1, queued: 0 })
  })

  it('reaches the stages behind at once', async () => {
    const queue = channel<number>(block(9))
    const stage = map((n: number) => n, { strategy: block(9) })
    const out = queue.readable.pipeThrough(stage)
    for (let n = 0; n < 12; n++) queue.trySend(n)
    await rest()
    await queue.abort('enough')
    await expect(toArray(out)).rejects.toBe('enough')
    expect(queue.stats().discarded + stage.stats().discarded).toBe(
      queue.stats().received - queue.stats().emitted + stage.stats().received,
    )
  })

  it('that nobody listens to is no unhandled rejection', async () => {
    const queue = channel<number>(block(1))
    await queue.abort('enough')
    await rest()
  })
})
