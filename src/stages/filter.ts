import type { ItemContext } from '../engine/item-scope.ts'
import { type ConcurrencyOptions, lanes } from '../engine/limits.ts'
import { SKIP } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction, checkOptions } from '../internal/check.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { judgedStep } from '../policies/item-step.ts'
import type { Stage } from '../stage.ts'

/** A replacement that `onError` gives is a verdict: whether the item passes. */
export interface FilterOptions<I> extends StageOptions<I>, ConcurrencyOptions, ItemPolicies<I, unknown> {}

/**
 * Passes on the items that a function accepts.
 *
 * - **Emits** an item when the function gives a truthy value for it, or a promise of one.
 * - **Holds** at most `concurrency` items; **waits** while downstream is full.
 * - **On error** of the function: that very error, in its turn.
 *
 * @param accepts Called once per item, in order, with the item and its `{ index, signal }`.
 * @throws {TypeError} `accepts` is not a function.
 * @example
 * ```ts
 * await toArray(from([1, 2, 3, 4]).pipeThrough(filter(n => n % 2 === 0)))
 * // => [2, 4]
 * ```
 */
export function filter<I, S extends I>(
  accepts: (item: I, context: ItemContext) => item is S,
  options?: FilterOptions<I>,
): Stage<I, S>
export function filter<I>(
  accepts: (item: I, context: ItemContext) => unknown,
  options?: FilterOptions<I>,
): Stage<I, I>
export function filter<I>(
  accepts: (item: I, context: ItemContext) => unknown,
  options: FilterOptions<I> = {},
): Stage<I, I> {
  checkFunction('filter: accepts', accepts)
  checkOptions('filter', options)
  const stepOf = (call: typeof accepts) => judgedStep('filter', call, options, SKIP)
  return stageOf('filter', lanes('filter', accepts, stepOf, options), options)
}
