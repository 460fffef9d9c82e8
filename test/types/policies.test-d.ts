import { handleAll, retry } from 'cockatiel'
import { circuitBreaker, type DeadLetter, filter, flatMap, from, map, type Policy, sink } from 'sluice'
import { describe, expectTypeOf, it } from 'vitest'

describe('policies', () => {
  it('know the item, and give their replacement’s type to the chain', () => {
    const parsed = from(['1']).pipeThrough(
      map((text: string) => Number(text), {
        retry: { attempts: 2, when: (_error, { item }) => expectTypeOf(item).toEqualTypeOf<string>() },
        onError: (error, item, { index, attempts, skip }) => {
          expectTypeOf(error).toBeUnknown()
          expectTypeOf(item).toEqualTypeOf<string>()
          expectTypeOf(index).toEqualTypeOf(attempts)
          return item === '' ? skip : null
        },
      }),
    )
    expectTypeOf(parsed).toExtend<ReadableStream<number | null>>()
  })

  it('that skip or fail leave the type as it is', () => {
    expectTypeOf(from(['1']).pipeThrough(map(Number, { onError: 'skip' }))).toExtend<ReadableStream<number>>()
    const skipping = map((text: string) => text.length, { onError: (_e, _item, { skip }) => skip })
    expectTypeOf(skipping.readable).toExtend<ReadableStream<number>>()
    const later = map((text: string) => text.length, { onError: async () => 'late' })
    expectTypeOf(later.readable).toExtend<ReadableStream<number | string>>()
  })

  it('of a filter give a verdict, of a flatMap another expansion', () => {
    expectTypeOf(filter((n: number) => n > 1, { onError: () => false }).readable).toExtend<
      ReadableStream<number>
    >()
    const wider = flatMap((n: number) => [n], { onError: () => ['none'] })
    expectTypeOf(wider.readable).toExtend<ReadableStream<number | string>>()
  })

  it('write letters of the item’s type', () => {
    const letters = new WritableStream<DeadLetter<number>>()
    map((n: number) => n, { deadLetter: letters })
    sink((n: number) => void n, { deadLetter: letters })
    // @ts-expect-error letters of numbers
    map((text: string) => text, { deadLetter: letters })
    map((text: string) => text, { deadLetter: new WritableStream<DeadLetter>() })
  })

  it('take a policy of cockatiel, and a breaker of ours', () => {
    const policy: Policy = retry(handleAll, { maxAttempts: 2 })
    map((n: number) => n, { policy, breaker: circuitBreaker({ failures: 1, resetAfter: 1 }) })
    // @ts-expect-error not a breaker
    map((n: number) => n, { breaker: { state: 'open' } })
    // @ts-expect-error no resetAfter
    circuitBreaker({ failures: 1 })
  })
})
