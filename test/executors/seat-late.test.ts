import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakePlace, fakeBatch, fakeSeat, settle } from './fake-place.ts'

describe('a worker that said that an item is late', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is ended when it then does not even begin the next batch: the late item holds its event loop', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const done = seat.run(fakeBatch(['late'], { timeout: 50 }))
    await settle()
    place.worker.out(1, { late: [0] })
    await done
    const next = fakeBatch(['next'], { timeout: 50 })
    const ran = seat.run(next)
    for (let time = 0; time < 600; time += 5) {
      await vi.advanceTimersByTimeAsync(5)
      seat.watch(5)
    }
    await ran
    expect(next.reports).toEqual(['unstarted'])
    expect(seat.stats).toMatchObject({ items: 1, inFlight: 0, crashes: 1 })
  })

  it('is left alone while it works', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const done = seat.run(fakeBatch(['late'], { timeout: 50 }))
    await settle()
    place.worker.out(1, { late: [0] })
    await done
    const ran = seat.run(fakeBatch(['b', 'c', 'd', 'e'], { timeout: 50 }))
    for (let at = 0; at < 4; at++) {
      for (let time = 0; time < 90; time += 5) {
        await vi.advanceTimersByTimeAsync(5)
        seat.watch(5)
      }
      place.worker.out(2, { ats: [at], values: [at] }, at === 3)
    }
    await ran
    expect(place.worker.killed).toBe(false)
  })
})
