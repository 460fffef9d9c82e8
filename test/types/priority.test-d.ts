import { block, buffer, type Channel, channel, dropNewest, type Flow, from, mergePrioritized } from 'sluice'
import { describe, expectTypeOf, it } from 'vitest'

interface Job {
  readonly level: number
}
declare const jobs: ReadableStream<Job>
declare const numbers: AsyncIterable<number>

describe('priority', () => {
  it('says what the channel holds', () => {
    const queue = channel(block(2), { priority: (job: Job) => job.level })
    expectTypeOf(queue).toEqualTypeOf<Channel<Job>>()
    expectTypeOf(
      jobs.pipeThrough(buffer(dropNewest(2), { priority: job => job.level, evict: 'lowest' })),
    ).toEqualTypeOf<ReadableStream<Job>>()
  })

  it('gives a number, and is what ageing and evict belong to', () => {
    // @ts-expect-error a priority is a number
    channel(block(2), { priority: (job: Job) => String(job.level) })
    // @ts-expect-error of what?
    channel(block(2), { ageing: 5 })
    // @ts-expect-error of what?
    channel(dropNewest(2), { evict: 'lowest' })
    // @ts-expect-error only the lowest
    channel(dropNewest(2), { priority: (job: Job) => job.level, evict: 'highest' })
  })
})

describe('mergePrioritized()', () => {
  it('gives what its sources give', () => {
    const arrays = [{ source: [1, Promise.resolve(2)], priority: 1 }]
    expectTypeOf(mergePrioritized(arrays)).toEqualTypeOf<Flow<number>>()
    const mixed = mergePrioritized([
      { source: jobs, priority: 2 },
      { source: numbers, priority: 1 },
      { source: from(['a']), priority: 0 },
    ])
    expectTypeOf(mixed).toEqualTypeOf<Flow<Job | number | string>>()
  })

  it('wants a priority for each', () => {
    // @ts-expect-error no priority
    mergePrioritized([{ source: jobs }])
    // @ts-expect-error gives no items
    mergePrioritized([{ source: 5, priority: 1 }])
  })
})
