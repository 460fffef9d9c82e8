import { block, channel, throttleLatest } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle } from '../contract/probe.ts'
import { manualClock, pass, timed } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

describe('throttleLatest()', () => {
  it('gives the first at once, then the latest of each period', async () => {
    const pauses = [0, 3, 3, 10, 3, 30]
    expect((await timed(throttleLatest<number>(10), pauses, { end: 5 })).given).toEqual([
      [0, 0],
      [2, 10],
      [4, 20],
      [5, 49],
    ])
  })

  it('runs a timer only while an item waits', async () => {
    const queue = channel<number>(block(9))
    const reader = queue.readable.pipeThrough(throttleLatest<number>(10)).getReader()
    const read = reader.read()
    await settle()
    queue.trySend(1)
    await read
    expect(vi.getTimerCount()).toBe(0)
    queue.trySend(2)
    queue.trySend(3)
    expect(vi.getTimerCount()).toBe(1)
    const second = reader.read()
    await pass(10)
    expect((await second).value).toBe(3)
    expect(vi.getTimerCount()).toBe(0)
    await reader.cancel()
  })

  it.each([
    [0, 'throttleLatest: ms must be at least 1, received 0'],
    [2 ** 31, 'throttleLatest: ms must be from 0 to 2147483647 milliseconds, received 2147483648'],
    [undefined, 'throttleLatest: ms must be a number of milliseconds, received undefined'],
  ])('refuses %o', (ms, message) => {
    expect(() => throttleLatest(ms as number)).toThrow(message)
  })
})
