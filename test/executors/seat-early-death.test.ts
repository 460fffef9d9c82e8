import { describe, expect, it } from 'vitest'
import type { Link, LinkEvents } from '../../src/executors/link.ts'
import type { Attach } from '../../src/executors/messages.ts'
import { FakePlace, fakeBatch, fakeSeat, settle } from './fake-place.ts'

describe('a worker that dies before it comes to an item', () => {
  it('is replaced a few times, then the batch fails with what it died of', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    const batches = [fakeBatch(['a']), fakeBatch(['a']), fakeBatch(['a'])]
    for (const batch of batches.slice(0, 2)) {
      const done = seat.run(batch)
      await settle()
      place.worker.exit()
      await done
      expect(batch.reports).toEqual(['unstarted'])
    }
    const last = seat.run(batches[2] as (typeof batches)[0])
    await settle()
    place.worker.exit()
    await expect(last).rejects.toThrow('test: the worker died while it started: gone')
    expect(place.workers.length).toBe(3)
  })

  it('is not counted with others that had finished something', async () => {
    const place = new FakePlace()
    const seat = fakeSeat(place)
    for (let id = 1; id < 20; id += 2) {
      const done = seat.run(fakeBatch(['a']))
      await settle()
      if (id % 4 === 1) place.worker.out(id, { values: ['a'] })
      else place.worker.exit()
      await done
      const ran = seat.run(fakeBatch(['a']))
      await settle()
      place.worker.out(id + 1, { values: ['a'] })
      await ran
    }
  })

  it('is replaced even if it dies before anybody has hold of it', async () => {
    class Hasty extends FakePlace {
      override async start(attach: Attach, events: LinkEvents): Promise<Link> {
        const link = await super.start(attach, events)
        if (this.workers.length === 1) this.worker.exit()
        return link
      }
    }
    const place = new Hasty()
    const seat = fakeSeat(place)
    const done = seat.run(fakeBatch(['a']))
    await settle()
    expect(place.workers.map(worker => worker.runs.length)).toEqual([0, 1])
    place.worker.out(1, { values: ['a'] })
    await done
    const closed = seat.close()
    place.worker.ended()
    await closed
  })
})

it('a seat that is closed while its worker starts ends it when what waits for it is done', async () => {
  const place = new FakePlace()
  const seat = fakeSeat(place)
  const done = seat.run(fakeBatch(['a']))
  const closed = seat.close()
  await settle()
  expect(place.worker.runs.length).toBe(1)
  place.worker.out(1, { values: ['a'] })
  await done
  expect(place.worker.posted.at(-1)).toEqual({ type: 'end' })
  place.worker.ended()
  await closed
  expect(place.workers.length).toBe(1)
})
