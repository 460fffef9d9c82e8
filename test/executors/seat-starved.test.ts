import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakePlace, fakeBatch, fakeSeat, settle } from './fake-place.ts'

describe('a worker that waits for a processor', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  for (const [what, seen] of [
    ['in its function', { current: 0, pending: [] }],
    ['for its promise', { current: undefined, pending: [0] }],
  ] as const) {
    it(`is ended only when its item has had its time, ${what}`, async () => {
      const place = new FakePlace()
      const seat = fakeSeat(place)
      const batch = fakeBatch(['a', 'b'], { timeout: 50 })
      const done = seat.run(batch)
      await settle()
      place.worker.seen = seen
      place.worker.share = 0.1
      for (let time = 0; time < 450; time += 5) seat.watch(5)
      expect(place.worker.killed).toBe(false)
      place.worker.share = 1
      for (let time = 0; time < 100; time += 5) seat.watch(5)
      await done
      expect(batch.reports).toEqual(['timedOut', 'unstarted'])
    })
  }
})
