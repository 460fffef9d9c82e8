import type { ItemContext } from '../engine/item-scope.ts'
import { type ConcurrencyOptions, lanes } from '../engine/limits.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction, checkOptions } from '../internal/check.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { itemStep } from '../policies/item-step.ts'
import type { Skip } from '../policies/on-error.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link map}; `R` is what `onError` may give in place of a result. */
export interface MapOptions<I, R = never> extends StageOptions<I>, ConcurrencyOptions, ItemPolicies<I, R> {}

/**
 * Gives each item to a function and passes on its result, awaited.
 *
 * - **Emits** each result. **Waits** while downstream is full or `concurrency` items are inside; `{ min, max }`
 *   finds out how many those may be ({@link ConcurrencyRange}).
 * - **Holds** at most `concurrency` items, finished ones that wait for their turn included.
 * - **On error** of the function: that very error, in its turn, or as `retry` and `onError` say. **On cancel or abort** the items' signals fire.
 *
 * @param fn Called once per item, in order, with the item and its `{ index, signal }`. A function that declares
 * exactly one parameter is called with the item alone.
 * @throws {TypeError} `fn` is not a function.
 * @throws {RangeError} `concurrency` is not a positive integer, nor bounds of such with `max` at or above `min`.
 * @example
 * ```ts
 * await toArray(from([1, 2, 3]).pipeThrough(map(async n => n * 2, { concurrency: 2 })))
 * // => [2, 4, 6]
 * ```
 */
export function map<I, O, R = never>(
  fn: (item: I, context: ItemContext) => O,
  options: MapOptions<I, R> = {},
): Stage<I, Awaited<O> | Exclude<Awaited<R>, Skip>> {
  checkFunction('map: fn', fn)
  checkOptions('map', options)
  return stageOf(
    'map',
    lanes('map', fn, call => itemStep('map', call, options), options),
    options,
  )
}
