import { PASS, SKIP } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkInteger } from '../internal/check.ts'
import type { Stage } from '../stage.ts'

/**
 * Leaves out the first `limit` items and passes on the rest.
 *
 * - **Emits** each later item. **Holds** nothing.
 *
 * @throws {RangeError} `limit` is not an integer of 0 or more (or `Infinity`).
 * @example
 * ```ts
 * await toArray(from([1, 2, 3]).pipeThrough(drop(1)))
 * // => [2, 3]
 * ```
 */
export function drop<I>(limit: number, options?: StageOptions<I>): Stage<I, I> {
  checkInteger('drop: limit', limit, 0, true)
  let left = limit
  return stageOf('drop', { step: { apply: () => (left-- > 0 ? SKIP : PASS) } }, options)
}
