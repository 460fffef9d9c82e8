import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakePlace, fakeBatch, fakeSeat, GRACE, settle } from './fake-place.ts'

/** A worker with a batch of one stage, and behind it a batch of another stage that is cancelled. */
async function cancelled(pending: readonly number[]) {
  const place = new FakePlace()
  const seat = fakeSeat(place)
  const controller = new AbortController()
  const first = fakeBatch(['slow'])
  const second = fakeBatch(['unwanted'], { signal: controller.signal })
  const done = Promise.all([seat.run(first), seat.run(second)])
  await settle()
  place.worker.seen = { current: 0, pending }
  controller.abort()
  return { place, first, done }
}

describe('a cancelled batch', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('does not cost another stage its worker while only that has an item at work', async () => {
    const { place, first, done } = await cancelled([])
    await vi.advanceTimersByTimeAsync(5 * GRACE)
    expect(place.worker.killed).toBe(false)
    place.worker.out(1, { values: ['slow'] })
    place.worker.out(2, {})
    await done
    expect(first.reports).toEqual(['fulfilled'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('costs the worker when its own item goes on for longer than the grace period', async () => {
    const { place, first, done } = await cancelled([1])
    await vi.advanceTimersByTimeAsync(GRACE - 1)
    expect(place.worker.killed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(place.worker.killed).toBe(true)
    await done
    expect(first.reports).toEqual(['unstarted'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('costs the worker where nobody can see what it has at work', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const controller = new AbortController()
    const done = seat.run(fakeBatch(['unwanted'], { signal: controller.signal }))
    await settle()
    place.worker.seen = undefined
    controller.abort()
    await vi.advanceTimersByTimeAsync(GRACE)
    expect(place.worker.killed).toBe(true)
    await done
  })
})
