import type { ItemContext } from '../engine/item-scope.ts'
import { type ConcurrencyOptions, lanes } from '../engine/limits.ts'
import { PASS } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction, checkOptions } from '../internal/check.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { judgedStep } from '../policies/item-step.ts'
import type { Stage } from '../stage.ts'

/** With any replacement that `onError` gives, the item passes. */
export interface TapOptions<I> extends StageOptions<I>, ConcurrencyOptions, ItemPolicies<I, unknown> {}

/**
 * Calls a function with each item and passes the item on.
 *
 * - **Emits** each item once the function has finished with it. **Holds** at most `concurrency` items.
 * - **On error** of the function: that very error.
 *
 * @param fn Called once per item, in order, with the item and its `{ index, signal }`; its result is ignored, but
 * awaited.
 * @throws {TypeError} `fn` is not a function.
 * @example
 * ```ts
 * const seen: string[] = []
 * await toArray(from(['a', 'b']).pipeThrough(tap(item => { seen.push(item) }))) // => ['a', 'b']
 * seen // => ['a', 'b']
 * ```
 */
export function tap<I>(
  fn: (item: I, context: ItemContext) => unknown,
  options: TapOptions<I> = {},
): Stage<I, I> {
  checkFunction('tap: fn', fn)
  checkOptions('tap', options)
  return stageOf(
    'tap',
    lanes('tap', fn, call => judgedStep('tap', call, options, PASS), options),
    options,
  )
}
