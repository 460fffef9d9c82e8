import { type CollectOptions, consume } from '../engine/consume.ts'
import { foldOf } from '../engine/fold.ts'
import type { ItemContext } from '../engine/item-scope.ts'
import { checkFunction } from '../internal/check.ts'
import { isThenable } from '../internal/is-thenable.ts'

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
  const keep = (result: A) => {
    value = result
  }
  const fold = foldOf(fn, initial)
  const { call } = fold
  return consume<T, A>('reduce', stream, options, {
    // The function is called right here: through one more closure it would cost a quarter of a short chain.
    take: collector => item => {
      if (collector.over) return false
      try {
        const result = call(value, item)
        if (typeof result !== 'number' && isThenable(result)) return collector.wait(result, fold, keep)
        value = result as A
      } catch (error) {
        return collector.raise(error)
      }
      return true
    },
    result: () => value,
  })
}
