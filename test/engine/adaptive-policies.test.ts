import { drain, map, range, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle } from '../contract/probe.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lets time pass in steps: between them the chain may hand control back to the event loop. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    await settle()
    await vi.advanceTimersByTimeAsync(10)
  }
  await settle()
}

const answerIn = (ms: number, item: number) =>
  new Promise<number>(resolve => {
    setTimeout(resolve, ms, item)
  })

describe('concurrency between bounds, with policies', () => {
  it('does not take the delay before another attempt for latency', async () => {
    const tried = new Set<number>()
    const answer = async (item: number) => {
      await answerIn(20, item)
      if (tried.size < tried.add(item).size) throw new Error('again')
      return item
    }
    const stage = map(answer, { concurrency: { min: 1, max: 1 }, retry: { attempts: 2, delay: 500 } })
    const out = toArray(range(0, 30).pipeThrough(stage))
    await pass(30 * 600)
    expect(await out).toHaveLength(30)
    expect(stage.stats().latency).toBeCloseTo(20, 6)
  })

  it.each([1, 2])(
    'backs off from calls that do not end in time, and returns (%i parameters)',
    async length => {
      let stuck = false
      const answer = (item: number) => (stuck ? new Promise<number>(() => {}) : answerIn(10, item))
      const fn = length === 1 ? answer : (item: number, _: unknown) => answer(item)
      const stage = map(fn, { concurrency: { min: 1, max: 40 }, timeout: 100, onError: 'skip' })
      const end = new AbortController()
      const done = drain(range(0, 1e9).pipeThrough(stage), { signal: end.signal }).catch(() => {})
      await pass(2_000)
      expect(stage.stats().concurrency).toBeGreaterThan(20)
      stuck = true
      await pass(4_000)
      expect(stage.stats().concurrency).toBe(1)
      stuck = false
      await pass(4_000)
      expect(stage.stats().concurrency).toBeGreaterThan(20)
      end.abort()
      await done
    },
  )
})
