import { interval } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle } from '../contract/probe.ts'

describe('interval()', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Notes each tick with the time at which it came. */
  function noted(flow: ReadableStream<number>, start = performance.now()) {
    const ticks: [number, number][] = []
    const reader = flow.getReader()
    const pump = async () => {
      for (let r = await reader.read(); !r.done; r = await reader.read())
        ticks.push([r.value, performance.now() - start])
    }
    pump()
    return { ticks, reader }
  }

  it('gives 0, 1, 2 at each multiple of its time', async () => {
    const { ticks } = noted(interval(50))
    await vi.advanceTimersByTimeAsync(49)
    expect(ticks).toEqual([])
    await vi.advanceTimersByTimeAsync(101)
    expect(ticks).toEqual([
      [0, 50],
      [1, 100],
      [2, 150],
    ])
  })

  it('counts from the first read, and runs no timer before', async () => {
    const flow = interval(50)
    await vi.advanceTimersByTimeAsync(120)
    expect(vi.getTimerCount()).toBe(0)
    const { ticks } = noted(flow)
    await vi.advanceTimersByTimeAsync(50)
    expect(ticks).toEqual([[0, 50]])
  })

  it('skips the multiples that nobody waited for, and numbers what it gives without gaps', async () => {
    const reader = interval(50).getReader()
    const start = performance.now()
    const read = async () => {
      const promise = reader.read()
      await vi.advanceTimersByTimeAsync(50)
      return [(await promise).value, performance.now() - start]
    }
    expect(await read()).toEqual([0, 50])
    await vi.advanceTimersByTimeAsync(210)
    expect(vi.getTimerCount()).toBe(0)
    const next = reader.read()
    await vi.advanceTimersByTimeAsync(39)
    let came = false
    next.then(() => {
      came = true
    })
    await settle()
    expect(came).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await next).toEqual({ done: false, value: 1 })
    expect(performance.now() - start).toBe(300)
  })

  it('does not add up lateness', async () => {
    const { ticks } = noted(interval(50))
    await vi.advanceTimersByTimeAsync(50)
    // The event loop was held: the timer comes 30 ms late, and the next one at its own multiple.
    vi.setSystemTime(0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(ticks.map(([, at]) => at % 50)).toEqual(ticks.map(() => 0))
    expect(ticks.length).toBe(21)
  })

  it('stops its timer when it is cancelled', async () => {
    const { reader } = noted(interval(50))
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    await reader.cancel()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends at `until` without a last tick', async () => {
    const until = new AbortController()
    const { ticks, reader } = noted(interval(50, { until: until.signal }))
    await vi.advanceTimersByTimeAsync(120)
    until.abort()
    await reader.closed
    await vi.advanceTimersByTimeAsync(500)
    expect(ticks.length).toBe(2)
    expect(vi.getTimerCount()).toBe(0)
  })
})
