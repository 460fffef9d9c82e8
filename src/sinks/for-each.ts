import type { ItemFunction } from '../engine/adaptive-lanes.ts'
import { type CollectOptions, consume } from '../engine/consume.ts'
import { ignore } from '../engine/group.ts'
import type { ItemContext } from '../engine/item-scope.ts'
import { type ConcurrencyOptions, lanes, workOn } from '../engine/limits.ts'
import { checkFunction, checkOptions } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { itemStep } from '../policies/item-step.ts'

/** Options of {@link forEach}. */
export interface ForEachOptions<T>
  extends CollectOptions,
    Pick<ConcurrencyOptions, 'concurrency'>,
    ItemPolicies<T, unknown> {}

/**
 * Calls a function with each item of a stream; its results are ignored, but awaited.
 *
 * - **Rejects** with the function's or the stream's error, or with the reason of `signal`; the stream is cancelled.
 *
 * @param fn Called once per item, in order, with the item and its `{ index, signal }`.
 * @example
 * ```ts
 * let sum = 0
 * await forEach(range(0, 4), n => { sum += n })
 * sum // => 6
 * ```
 */
export async function forEach<T>(
  stream: ReadableStream<T>,
  fn: (item: T, context: ItemContext) => unknown,
  options: ForEachOptions<T> = {},
): Promise<void> {
  checkFunction('forEach: fn', fn)
  checkOptions('forEach', options)
  const call = (fn: ItemFunction<T>) => itemStep('forEach', fn, options)
  const recipe = lanes<T, T>('forEach', fn, call, { ...options, ordered: false })
  return consume<T, void>('forEach', stream, options, {
    take: () => ignore,
    result: noop,
    through: down => workOn(recipe, down),
  })
}
