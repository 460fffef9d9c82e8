import { foldOf } from '../engine/fold.ts'
import type { ItemContext } from '../engine/item-scope.ts'
import { mixedGroup } from '../engine/mixed-group.ts'
import type { Step } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction } from '../internal/check.ts'
import type { Stage } from '../stage.ts'

/**
 * Folds the items into a value and emits it after each of them, as RxJS's `scan` does.
 *
 * - **Emits** the new value for each item, not the initial one. **Holds** the value, and the item being folded.
 * - **On error** of the function: that very error.
 *
 * @param fn Called once per item, in order, with the value so far, the item and its `{ index, signal }`; may give a
 * promise.
 * @throws {TypeError} `fn` is not a function.
 * @example
 * ```ts
 * await toArray(from([1, 2, 3]).pipeThrough(scan((sum, n) => sum + n, 0)))
 * // => [1, 3, 6]
 * ```
 */
export function scan<I, A>(
  fn: (value: A, item: I, context: ItemContext) => A | PromiseLike<A>,
  initial: A,
  options?: StageOptions<I>,
): Stage<I, A> {
  checkFunction('scan: fn', fn)
  const fold = foldOf(fn, initial)
  const step: Step = {
    apply: (item: I) => fold.keep(fold.call(fold.value, item)),
    fold: fold as never,
    compile: mixedGroup,
    get scope() {
      return fold.scope
    },
  }
  return stageOf('scan', { step }, options)
}
