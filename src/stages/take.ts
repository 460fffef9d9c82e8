import { LAST, PASS } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkInteger } from '../internal/check.ts'
import type { Stage } from '../stage.ts'

/**
 * Passes on the first `limit` items, then ends and cancels its source: exactly `limit` items are taken from it.
 *
 * - **Emits** each of them. **Holds** nothing.
 *
 * @throws {RangeError} `limit` is not an integer of 0 or more (or `Infinity`).
 * @example
 * ```ts
 * await toArray(range(0, Infinity).pipeThrough(take(3)))
 * // => [0, 1, 2]
 * ```
 */
export function take<I>(limit: number, options?: StageOptions<I>): Stage<I, I> {
  checkInteger('take: limit', limit, 0, true)
  let taken = 0
  return stageOf(
    'take',
    { step: { apply: () => (++taken < limit ? PASS : LAST), empty: limit === 0 } },
    options,
  )
}
