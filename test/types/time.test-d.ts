import {
  debounce,
  type Flow,
  from,
  idleTimeout,
  keepAlive,
  map,
  type SampleOptions,
  sample,
  throttleLatest,
  window,
} from 'sluice'
import { describe, expectTypeOf, it } from 'vitest'

const numbers = from([1, 2, 3])

describe('time stages', () => {
  it('infer from one stage to the next', () => {
    const flow = numbers
      .pipeThrough(debounce(10, { maxWait: 20 }))
      .pipeThrough(throttleLatest(10))
      .pipeThrough(sample(10))
      .pipeThrough(idleTimeout(10))
      .pipeThrough(map(n => n.toFixed()))
    expectTypeOf(flow).toEqualTypeOf<Flow<string>>()
    expectTypeOf(numbers.pipeThrough(keepAlive(10, async () => 'ping'))).toEqualTypeOf<
      Flow<number | string>
    >()
    expectTypeOf(numbers.pipeThrough(window({ size: 2 }))).toEqualTypeOf<Flow<Flow<number>>>()
    expectTypeOf(numbers.pipeThrough(sample({ rate: 0.1, when: 'pressure' }))).toEqualTypeOf<Flow<number>>()
  })

  it('name their own reasons, and take callbacks that know the inbox alone', () => {
    debounce<number>(10, {
      onDrop: (_, reason) => expectTypeOf(reason).toEqualTypeOf<'dropNewest' | 'dropOldest' | 'debounce'>(),
    })
    debounce(10, { onDrop: (item: number, reason: 'dropNewest' | 'dropOldest') => [item, reason] })
  })

  it('refuse what cannot be', () => {
    // @ts-expect-error neither size nor time
    window<number>({})
    // @ts-expect-error both ways of sampling
    const both: SampleOptions<number> = { rate: 0.5, interval: 10 }
    // @ts-expect-error ticks know no pressure
    sample<number>({ interval: 10, when: 'pressure' })
    // @ts-expect-error nothing to make
    keepAlive(10)
    return both
  })
})
