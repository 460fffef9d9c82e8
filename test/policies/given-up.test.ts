import { drain, flatMap, from, map, TaskTimeoutError, toArray } from 'sluice'
import { parallel } from 'sluice/parallel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { countedSignal, outcome, settle } from '../contract/probe.ts'
import { localExecutor } from '../setup/local-executor.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const broken = () => {
  throw new Error('broken')
}

describe('an item whose chain was ended from within', () => {
  it.each([1, 2])('is not tried again when its function did it, with concurrency %i', async concurrency => {
    const controller = new AbortController()
    const fn = vi.fn(async (_item: number) => {
      controller.abort('enough')
      return broken()
    })
    const stage = map(fn, { concurrency, retry: { attempts: 5, delay: 10 } })
    const result = drain(from([1, 2]).pipeThrough(stage), { signal: controller.signal })
    expect(await outcome(result)).toEqual({ error: 'enough' })
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    expect(fn).toHaveBeenCalledTimes(1)
  })

  it('is not tried again when `when` did it, in a pool', async () => {
    const controller = new AbortController()
    const when = () => {
      controller.abort('enough')
      return true
    }
    const stage = parallel<number, number>(undefined, {
      executor: localExecutor(broken),
      retry: { attempts: 5, delay: 10, when },
    })
    const result = drain(from([1]).pipeThrough(stage), { signal: controller.signal })
    expect(await outcome(result)).toEqual({ error: 'enough' })
    await settle()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('flatMap() under policies', () => {
  it('tells an inner source that it is no longer wanted', async () => {
    const controller = new AbortController()
    let inner: AbortSignal | undefined
    const stage = flatMap(
      async function* (item: number, { signal }) {
        inner = signal
        yield item
        await new Promise(() => {})
      },
      { timeout: 1_000 },
    )
    const result = drain(from([1]).pipeThrough(stage), { signal: controller.signal })
    await settle()
    controller.abort('enough')
    expect(await outcome(result)).toEqual({ error: 'enough' })
    expect(inner?.reason).toBe('enough')
  })

  it('tells an inner source that it has taken too long', async () => {
    let inner: AbortSignal | undefined
    const stage = flatMap(
      async function* (item: number, { signal }) {
        inner = signal
        yield item
        await new Promise(() => {})
      },
      { timeout: 1_000 },
    )
    const result = outcome(drain(from([1]).pipeThrough(stage)))
    await settle()
    await vi.advanceTimersByTimeAsync(1_010)
    expect(await result).toEqual({ error: expect.any(TaskTimeoutError) })
    expect(inner?.reason).toBe(((await result) as { error: unknown }).error)
  })

  it('fails when a replacement fails, and asks nobody again', async () => {
    const letters: unknown[] = []
    const deadLetter = new WritableStream({ write: letter => void letters.push(letter) })
    const fn = vi.fn((_item: number): number[] => broken())
    const onError = vi.fn(() => {
      if (onError.mock.calls.length > 9) return []
      return new ReadableStream<number>({ pull: controller => controller.error('worse') })
    })
    const when = (error: unknown) => error === 'worse'
    const stage = flatMap(fn, { retry: { attempts: 3, when }, deadLetter, onError })
    expect(await outcome(toArray(from([1]).pipeThrough(stage)))).toEqual({ error: 'worse' })
    expect([fn, onError].map(each => each.mock.calls.length)).toEqual([1, 1])
    expect(letters.length).toBe(1)
  })
})

it('retry without a delay goes on for as long as it may', async () => {
  vi.useRealTimers()
  let calls = 0
  const fn = () => (++calls < 1_030 ? broken() : calls)
  const stage = map(fn, { retry: { attempts: Number.POSITIVE_INFINITY, delay: 0 } })
  expect(await toArray(from([1]).pipeThrough(stage))).toEqual([1_030])
})

it('policy leaves no listener at the signal it gives', async () => {
  const counted = countedSignal()
  const policy = { execute: async (fn: (context: { signal: AbortSignal }) => unknown) => fn(counted) }
  const stage = map(async (n: number) => n, { policy: policy as never })
  await drain(from([1, 2, 3]).pipeThrough(stage))
  const fails = map(broken, { policy: policy as never, onError: 'skip' })
  await drain(from([1]).pipeThrough(fails))
  expect(counted.listeners).toBe(0)
})
