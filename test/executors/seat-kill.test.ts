import { expect, it } from 'vitest'
import { FakePlace, fakeBatch, fakeSeat, settle } from './fake-place.ts'

it('a worker that is being ended gets no further batch, whose moved parts would be lost with it', async () => {
  const place = new FakePlace()
  const seat = fakeSeat(place)
  const first = fakeBatch(['late'], { timeout: 1 })
  const done = seat.run(first)
  await settle()
  place.worker.seen = { current: 0, pending: [] }
  seat.watch(0)
  seat.watch(2)
  const second = fakeBatch(['next'])
  const next = seat.run(second)
  await done
  expect(first.reports).toEqual(['timedOut'])
  await settle()
  expect(place.workers.map(worker => worker.runs.length)).toEqual([1, 1])
  expect(second.reports).toEqual([undefined])
  place.worker.out(2, { values: ['next'] })
  await next
  expect(second.reports).toEqual(['fulfilled'])
})
