import { LatestOperator } from '../engine/latest-operator.ts'
import type { LossyOptions } from '../engine/lossy-options.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkDelay, checkOptions } from '../internal/check.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link debounce}. */
export interface DebounceOptions<I> extends LossyOptions<I, 'debounce'> {
  /** Longest time that items which never pause are kept back, in milliseconds. Default: until they pause. */
  readonly maxWait?: number
}

/** What stands for a pause of 0 ms: the turn of the event loop has to come to its end. */
const A_TURN = 1e-3

/**
 * Gives the latest item once no other has come for `ms`.
 *
 * - **Emits** an item when no other came for `ms` after it, when the first one that is kept back is `maxWait` old, and at
 *   the end of input, where what is kept back comes out at once.
 * - **Holds** the latest item; those before it are dropped: counted as `dropped`, seen by `onDrop` with the reason
 *   `'debounce'`. **Waits** for nothing: its source goes on while downstream is full.
 * - **On error, cancel or abort** discards the item whose time has not come.
 *
 * @param ms Milliseconds; with 0, items of the same turn of the event loop count as one.
 * @throws {RangeError} `ms` or `maxWait` is negative or too large for a timer.
 * @example
 * ```ts
 * const typed = debounce<string>(200)
 * await toArray(from(['h', 'he', 'hey']).pipeThrough(typed)) // => ['hey']
 * typed.stats().dropped // => 2
 * ```
 */
export function debounce<I>(ms: number, options: DebounceOptions<I> = {}): Stage<I, I> {
  checkDelay('debounce: ms', ms)
  checkOptions('debounce', options)
  const { maxWait = Infinity, onDrop } = options
  if (maxWait !== Infinity) checkDelay('debounce: maxWait', maxWait)
  const pause = Math.max(ms, A_TURN)
  return stageOf<I, I>(
    'debounce',
    {
      create: down =>
        new LatestOperator<I>(
          down,
          (now, { since }) => Math.min(now + pause, since + maxWait),
          item => onDrop?.(item, 'debounce'),
        ),
    },
    options as StageOptions<I>,
  )
}
