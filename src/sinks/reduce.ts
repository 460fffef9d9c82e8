import { type CollectOptions, consume } from '../engine/consume.ts'
import type { ItemContext } from '../engine/item-scope.ts'
import { stepOf } from '../engine/step.ts'
import { waitingTake } from '../engine/waiting-take.ts'
import { checkFunction } from '../internal/check.ts'

/**
 * Folds a stream's items into one value.
 *
 * - **Rejects** with the function's or the stream's error, or with the reason of `signal`; the stream is cancelled.
 *
 * @param fn Called once per item, in order, with the value so far, the item and its `{ index, signal }`; may give a
 * promise.
 * @example
 * ```ts
 * await reduce(range(1, 5), (product, n) => product * n, 1) // => 24
 * ```
 */
export async function reduce<T, A>(
  stream: ReadableStream<T>,
  fn: (value: A, item: T, context: ItemContext) => A | PromiseLike<A>,
  initial: A,
  options?: CollectOptions,
): Promise<A> {
  checkFunction('reduce: fn', fn)
  let value = initial
  // Without its third parameter the function needs no context.
  const step =
    fn.length === 2
      ? stepOf((item: T) => (fn as (value: A, item: T) => A | PromiseLike<A>)(value, item))
      : stepOf((item: T, context) => fn(value, item, context))
  return consume<T, A>('reduce', stream, options, {
    take: waitingTake(step, (result: A) => {
      value = result
    }),
    result: () => value,
  })
}
