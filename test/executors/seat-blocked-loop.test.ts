import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakePlace, fakeBatch, fakeSeat, settle } from './fake-place.ts'

/** Lets time go by as a seat's executor does, looking at the worker now and then. */
async function pass(ms: number, seat: { watch(elapsed: number): void }): Promise<void> {
  for (let time = 0; time < ms; time += 5) {
    await vi.advanceTimersByTimeAsync(5)
    seat.watch(5)
  }
  await settle()
}

describe('a worker whose event loop stands still after an await', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is ended, and the only item at work is late', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const batch = fakeBatch(['a', 'b'], { timeout: 50 })
    const done = seat.run(batch)
    await settle()
    place.worker.seen = { current: undefined, pending: [0] }
    await pass(90, seat)
    expect(place.worker.killed).toBe(false)
    await pass(50, seat)
    await done
    expect(batch.reports).toEqual(['timedOut', 'unstarted'])
    expect(place.workers.length).toBe(1)
  })

  it('is ended, and the items at work run again by themselves where there are several', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const batch = fakeBatch(['a', 'b', 'c'], { timeout: 50 })
    const done = seat.run(batch)
    await settle()
    place.worker.seen = { current: undefined, pending: [0, 1] }
    await pass(140, seat)
    await done
    expect(batch.reports).toEqual(['alone', 'alone', 'unstarted'])
  })

  it('is not suspected while items come and go', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const batch = fakeBatch([...'abcdefgh'], { timeout: 50 })
    const done = seat.run(batch)
    await settle()
    for (let serial = 0; serial < 8; serial++) {
      place.worker.seen = { current: undefined, pending: [serial] }
      await pass(45, seat)
    }
    expect(place.worker.killed).toBe(false)
    place.worker.out(1, { values: [...'abcdefgh'] })
    await done
  })
})
