import { describe, expect, it } from 'vitest'
import { FakePlace, fakeBatch, fakeSeat, settle } from './fake-place.ts'

describe('a batch with keys that has not been posted', () => {
  it('comes back when the worker dies: items before it come back too, and must not be overtaken', async () => {
    const place = new FakePlace()
    // The second batch waits for the next worker.
    const seat = fakeSeat(place, { recycleAfter: 2 })
    const first = fakeBatch(['a0', 'a1'], { keys: [7, 7] })
    const second = fakeBatch(['a2'], { keys: [7], indexes: [2] })
    const done = Promise.all([seat.run(first), seat.run(second)])
    await settle()
    place.worker.seen = { current: 0, pending: [] }
    place.worker.exit()
    await done
    expect(first.reports).toEqual(['crashed', 'unstarted'])
    expect(second.reports).toEqual(['unstarted'])
  })

  it('comes back when a batch before it cannot be sent', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const first = fakeBatch(['a0', () => 'a1'], { keys: [7, 7] })
    const second = fakeBatch(['a2'], { keys: [7], indexes: [2] })
    const done = Promise.all([seat.run(first), seat.run(second)])
    await done
    expect(first.reports).toEqual(['alone', 'alone'])
    expect(second.reports).toEqual(['unstarted'])
    expect(place.worker.runs).toEqual([])
  })

  it('goes to the next worker when the one before it ended in peace', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place, { recycleAfter: 1 })
    const first = fakeBatch(['a0'], { keys: [7] })
    const second = fakeBatch(['a1'], { keys: [7], indexes: [1] })
    const done = Promise.all([seat.run(first), seat.run(second)])
    await settle()
    place.worker.out(1, { values: ['a0'] })
    place.worker.ended()
    await settle()
    expect(place.workers.length).toBe(2)
    place.worker.out(2, { values: ['a1'] })
    await done
    expect(second.reports).toEqual(['fulfilled'])
  })
})
