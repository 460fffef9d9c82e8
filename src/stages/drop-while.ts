import type { ItemContext } from '../engine/item-scope.ts'
import { PASS, SKIP, stepOf } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction } from '../internal/check.ts'
import { isThenable } from '../internal/is-thenable.ts'
import type { Stage } from '../stage.ts'

/**
 * Leaves items out up to the first one that a function does not accept, and passes on that one and all later ones.
 *
 * - **Emits** each item from there on. **Holds** the item that an asynchronous function looks at.
 *
 * @param leavesOut Called with each item and its `{ index, signal }` until it gives a falsy value; may give a promise.
 * @throws {TypeError} `leavesOut` is not a function.
 * @example
 * ```ts
 * await toArray(from([1, 2, 5, 1]).pipeThrough(dropWhile(n => n < 3)))
 * // => [5, 1]
 * ```
 */
export function dropWhile<I>(
  leavesOut: (item: I, context: ItemContext) => unknown,
  options?: StageOptions<I>,
): Stage<I, I> {
  checkFunction('dropWhile: leavesOut', leavesOut)
  let dropping = true
  const open = (verdict: unknown): symbol => {
    dropping &&= Boolean(verdict)
    return dropping ? SKIP : PASS
  }
  const step = stepOf(leavesOut, call => item => {
    if (!dropping) return PASS
    const verdict = call(item)
    return isThenable(verdict) ? Promise.resolve(verdict).then(open) : open(verdict)
  })
  return stageOf('dropWhile', { step }, options)
}
