import { LatestOperator } from '../engine/latest-operator.ts'
import type { LossyOptions } from '../engine/lossy-options.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkPeriod } from '../internal/check-period.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link throttleLatest}. */
export interface ThrottleLatestOptions<I> extends LossyOptions<I, 'throttleLatest'> {}

/**
 * Gives an item at once, and then no other for `ms`: after that the latest that came meanwhile.
 *
 * - **Emits** an item at once if the one before it was given at least `ms` ago, else the latest when that time is over;
 *   at the end of input, what is kept back comes out at once.
 * - **Holds** the latest item; those before it are dropped: counted as `dropped`, seen by `onDrop` with the reason
 *   `'throttleLatest'`. **Waits** for nothing: its source goes on while downstream is full.
 * - **On error, cancel or abort** discards the item whose time has not come.
 *
 * Nothing is lost with {@link throttle}, which makes its source wait.
 *
 * @param ms Milliseconds, at least 1.
 * @throws {RangeError} `ms` is below 1 or too large for a timer.
 * @example
 * ```ts
 * const progress = throttleLatest<number>(60_000)
 * await toArray(from([1, 2, 3, 4]).pipeThrough(progress)) // => [1, 4]
 * ```
 */
export function throttleLatest<I>(ms: number, options: ThrottleLatestOptions<I> = {}): Stage<I, I> {
  checkPeriod('throttleLatest: ms', ms)
  const told = (item: I): void => options.onDrop?.(item, 'throttleLatest')
  return stageOf<I, I>(
    'throttleLatest',
    { create: down => new LatestOperator<I>(down, (_, { last }) => last + ms, told) },
    options as StageOptions<I>,
  )
}
