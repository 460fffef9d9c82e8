import { block, channel, Flow, forEach, IdleTimeoutError, idleTimeout, map, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle, soon } from '../contract/probe.ts'
import { manualClock, pass } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

describe('idleTimeout()', () => {
  it('fails with its name and time, and cancels its source with that error', async () => {
    const cancelled: unknown[] = []
    const source = new Flow<number>({ cancel: reason => void cancelled.push(reason) }, { highWaterMark: 0 })
    const reading = toArray(source.pipeThrough(idleTimeout(50, { name: 'feed' }))).catch(error => error)
    await pass(50)
    const error: IdleTimeoutError = await reading
    expect(error).toBeInstanceOf(IdleTimeoutError)
    expect(String(error)).toBe('IdleTimeoutError: feed: no item came for 50 ms')
    expect({ ...error }).toEqual({ code: 'ERR_IDLE_TIMEOUT', stage: 'feed', timeout: 50 })
    expect(cancelled).toEqual([error])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('runs no timer before somebody asks, while downstream makes it wait, and after the end', async () => {
    const queue = channel<number>(block(9))
    const reader = queue.readable.pipeThrough(idleTimeout<number>(50)).getReader()
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    const read = reader.read()
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    queue.trySend(1)
    await read
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    await pass(200)
    const second = reader.read()
    await pass(49)
    queue.close()
    expect(await soon(second)).toEqual({ value: { done: true, value: undefined } })
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['cancel', 'abort', 'error'])('stops its timer on %s', async ending => {
    let fail: (error: unknown) => void = () => {}
    const source = new Flow<number>({ start: controller => void (fail = e => controller.error(e)) })
    const abort = new AbortController()
    const reader = source.pipeThrough(idleTimeout<number>(50), { signal: abort.signal }).getReader()
    const read = reader.read().catch(error => error)
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    if (ending === 'cancel') await reader.cancel()
    else if (ending === 'abort') abort.abort()
    else fail(new Error('source'))
    await read
    await settle()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks its own inbox: items that wait there are not late', async () => {
    const stage = idleTimeout<number>(10, { strategy: block(9) })
    const writer = stage.writable.getWriter()
    const seen: number[] = []
    const reading = forEach(stage.readable.pipeThrough(map(n => n)), async n => {
      seen.push(n)
      await new Promise(resolve => setTimeout(resolve, 30))
    })
    for (const n of [1, 2, 3]) void writer.write(n)
    await pass(80)
    writer.close()
    await pass(30)
    await reading
    expect(seen).toEqual([1, 2, 3])
  })

  it('lets what came while the event loop stood still go first', async () => {
    const queue = channel<number>(block(9))
    const reading = toArray(queue.readable.pipeThrough(idleTimeout<number>(50))).catch(error => error)
    await settle()
    // The loop comes back after 500 ms: timers first, and only then whoever has an item.
    const now = performance.now() + 500
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now)
    await vi.advanceTimersByTimeAsync(50)
    queue.trySend(1)
    await settle()
    clock.mockRestore()
    queue.close()
    expect(await reading).toEqual([1])
  })

  it('fails after all when the event loop stood still and nothing came', async () => {
    const queue = channel<number>(block(9))
    const reading = toArray(queue.readable.pipeThrough(idleTimeout<number>(50))).catch(error => error.code)
    await settle()
    // Late again and again: it is waited for once.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 500)
    await vi.advanceTimersByTimeAsync(50)
    clock.mockReturnValue(performance.now() + 500)
    await vi.advanceTimersByTimeAsync(1)
    expect(await soon(reading)).toEqual({ value: 'ERR_IDLE_TIMEOUT' })
    vi.restoreAllMocks()
  })

  it.each([
    [0, RangeError, 'idleTimeout: ms must be at least 1, received 0'],
    [-1, RangeError, 'idleTimeout: ms must be from 0 to 2147483647 milliseconds, received -1'],
    ['5', TypeError, 'idleTimeout: ms must be a number of milliseconds, received "5"'],
  ])('refuses %o', (ms, type, message) => {
    expect(() => idleTimeout(ms as number)).toThrow(new type(message))
  })
})
