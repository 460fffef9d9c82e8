import { BreakerOpenError, circuitBreaker, from, map, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BreakerState } from '../../src/policies/breaker-state.ts'
import { rest } from '../contract/overflow-driver.ts'
import { outcome, soon } from '../contract/probe.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const down = () => Promise.reject(new Error('down'))

describe('circuitBreaker()', () => {
  it.each([
    [undefined, 'circuitBreaker: options must be { failures, resetAfter }, received undefined'],
    [{}, 'circuitBreaker: failures must be a number, received undefined'],
    [{ failures: 0, resetAfter: 1 }, 'circuitBreaker: failures must be a positive integer, received 0'],
    [{ failures: 1 }, 'circuitBreaker: resetAfter must be a number of milliseconds, received undefined'],
    [{ failures: 1, resetAfter: 1, trials: 0 }, 'circuitBreaker: trials must be a positive integer'],
    [
      { failures: 1, resetAfter: 1, whileOpen: 'drop' },
      `circuitBreaker: whileOpen must be 'fail', 'wait' or { divert: a WritableStream }, received "drop"`,
    ],
    [{ failures: 1, resetAfter: 1, whileOpen: { divert: [] } }, 'whileOpen must be'],
    [{ failures: 1, resetAfter: 1, when: 1 }, 'circuitBreaker: when must be a function, received 1'],
    [{ failures: 1, resetAfter: 1, onStateChange: 1 }, 'onStateChange must be a function, received 1'],
  ])('refuses %o', (options, message) => {
    // biome-ignore lint/suspicious/noExplicitAny: what a caller may pass without types
    expect(() => circuitBreaker(options as any)).toThrow(message)
  })

  it('fails the attempt when `when` gives a promise, which would count as true', async () => {
    const when = () => Promise.resolve(false) as unknown as boolean
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100, when })
    const run = toArray(from([1]).pipeThrough(map(down, { breaker })))
    expect(await outcome(run)).toEqual({
      error: new TypeError('circuitBreaker: when must give a boolean, gave [object Promise]'),
    })
    expect(breaker.state).toBe('closed')
  })

  it('gives a trial to the next item when nobody knows how one has ended', async () => {
    let broken = false
    const when = () => {
      if (broken) throw new Error('when')
      return true
    }
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100, when })
    const attempt = (fn: () => unknown) => outcome(toArray(from([1]).pipeThrough(map(fn, { breaker }))))
    await attempt(down)
    vi.advanceTimersByTime(100)
    broken = true
    expect(await attempt(down)).toEqual({ error: new Error('when') })
    expect(await attempt(() => 'up')).toEqual({ value: ['up'] })
    expect(breaker.state).toBe('closed')
  })

  it('fails items fast while it is open, with the time until the next trial', async () => {
    const breaker = circuitBreaker({ failures: 2, resetAfter: 100 })
    const errors: unknown[] = []
    const fn = vi.fn(down)
    const stage = map(fn, { name: 'load', breaker, onError: error => void errors.push(error) })
    await toArray(from([1, 2, 3, 4]).pipeThrough(stage))
    expect(fn).toHaveBeenCalledTimes(2)
    expect(errors.slice(2)).toEqual([expect.any(BreakerOpenError), expect.any(BreakerOpenError)])
    expect({ ...(errors[3] as Error) }).toEqual({
      code: 'ERR_BREAKER_OPEN',
      stage: 'load',
      item: 4,
      index: 3,
      retryAfter: 100,
    })
  })

  it('fails the stage where nobody takes the failure', async () => {
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100 })
    await toArray(from([1]).pipeThrough(map(down, { breaker, onError: 'skip' })))
    const result = outcome(toArray(from([1]).pipeThrough(map(down, { breaker }))))
    expect(await result).toEqual({ error: expect.any(BreakerOpenError) })
  })

  it('holds items back while it is open, in order, until a trial succeeds', async () => {
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100, whileOpen: 'wait' })
    let works = false
    const called: number[] = []
    const stage = map(
      (n: number) => {
        called.push(n)
        return works ? n : down()
      },
      { breaker, concurrency: 3, onError: 'skip' },
    )
    const all = toArray(from([1, 2, 3, 4]).pipeThrough(stage))
    await rest()
    expect([called, breaker.state, breaker.waiting]).toEqual([[1, 2, 3], 'open', 1])
    works = true
    await vi.advanceTimersByTimeAsync(99)
    expect(called).toEqual([1, 2, 3])
    await vi.advanceTimersByTimeAsync(1)
    expect(await soon(all)).toEqual({ value: [4] })
    expect(breaker.state).toBe('closed')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is shared: one stage opens it for the other', async () => {
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100 })
    const other = vi.fn((n: number) => n)
    await toArray(from([1]).pipeThrough(map(down, { breaker, onError: 'skip' })))
    await toArray(from([1]).pipeThrough(map(other, { breaker, onError: 'skip' })))
    expect(other).not.toHaveBeenCalled()
  })

  it('sends items elsewhere while it is open, and counts them as done', async () => {
    const diverted: number[] = []
    const divert = new WritableStream<number>({ write: n => void diverted.push(n) })
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100, whileOpen: { divert } })
    const stage = map(down, { breaker, onError: 'skip' })
    expect(await toArray(from([1, 2, 3]).pipeThrough(stage))).toEqual([])
    expect(diverted).toEqual([2, 3])
    expect(stage.stats()).toMatchObject({ received: 3, failed: 1, done: 2, emitted: 0 })
    expect(divert.locked).toBe(false)
  })

  it('gives the trial of an item that was cancelled to another one', async () => {
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100 })
    await toArray(from([1]).pipeThrough(map(down, { breaker, onError: 'skip' })))
    await vi.advanceTimersByTimeAsync(100)
    const stuck = map(() => new Promise(() => {}), { breaker })
    const reader = from([1]).pipeThrough(stuck).getReader()
    const read = reader.read()
    await rest()
    expect(breaker.state).toBe('half-open')
    await reader.cancel()
    await read
    // The function never comes back; the trial is over with the item all the same.
    expect(await soon(toArray(from([7]).pipeThrough(map(n => n, { breaker }))))).toEqual({ value: [7] })
    expect(breaker.state).toBe('closed')
  })

  it('waits no longer when the stage is cancelled, and leaves no timer', async () => {
    const breaker = circuitBreaker({ failures: 1, resetAfter: 100, whileOpen: 'wait' })
    const reader = from([1, 2])
      .pipeThrough(map(down, { breaker, onError: 'skip' }))
      .getReader()
    const read = reader.read()
    await rest()
    expect(breaker.waiting).toBe(1)
    await reader.cancel()
    await read
    expect(breaker.waiting).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('BreakerState', () => {
  it('lets nobody go before somebody who waits, even if the timer is late', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0)
    const breaker = new BreakerState(
      { failures: 1, trials: 1, resetAfter: 100, when: undefined, onStateChange: undefined },
      'wait',
    )
    breaker.failed(breaker.tryEnter(), 'down')
    breaker.enter(() => {})
    now.mockReturnValue(150)
    expect(breaker.tryEnter()).toBe(0)
  })
})
