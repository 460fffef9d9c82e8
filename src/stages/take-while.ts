import type { ItemContext } from '../engine/item-scope.ts'
import { PASS, STOP } from '../engine/step.ts'
import { verdictStep } from '../engine/verdict-step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction } from '../internal/check.ts'
import type { Stage } from '../stage.ts'

/**
 * Passes items on up to the first one that a function does not accept, then ends and cancels its source.
 *
 * - **Emits** each item before that one. **Holds** the item that an asynchronous function looks at.
 *
 * @param accepts Called with each item and its `{ index, signal }`; may give a promise.
 * @throws {TypeError} `accepts` is not a function.
 * @example
 * ```ts
 * await toArray(from([1, 2, 5, 1]).pipeThrough(takeWhile(n => n < 3)))
 * // => [1, 2]
 * ```
 */
export function takeWhile<I, S extends I>(
  accepts: (item: I, context: ItemContext) => item is S,
  options?: StageOptions<I>,
): Stage<I, S>
export function takeWhile<I>(
  accepts: (item: I, context: ItemContext) => unknown,
  options?: StageOptions<I>,
): Stage<I, I>
export function takeWhile<I>(
  accepts: (item: I, context: ItemContext) => unknown,
  options?: StageOptions<I>,
): Stage<I, I> {
  checkFunction('takeWhile: accepts', accepts)
  return stageOf('takeWhile', { step: verdictStep(accepts, PASS, STOP) }, options)
}
