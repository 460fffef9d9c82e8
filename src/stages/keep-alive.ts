import { IdleOperator } from '../engine/idle-operator.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction } from '../internal/check.ts'
import { checkPeriod } from '../internal/check-period.ts'
import type { Stage } from '../stage.ts'

/**
 * Puts in an item of its own when none comes for `ms`, and again after each further `ms`: a heartbeat.
 *
 * - **Emits** every item, at once, and what `make` gives while it is asked for an item and none comes.
 * - **Holds** at most one item: that which comes when a made one has just been taken. **Waits** while downstream is full,
 *   and the time does not run then: no item is made that nobody wants, and none is queued. No timer runs else.
 * - **On error** of `make`: that very error. An item that comes while its promise is pending takes its place.
 *
 * @param ms Milliseconds, at least 1.
 * @param make Gives the item, or a promise of it. Made items count as `emitted`, not as `received`.
 * @throws {RangeError} `ms` is below 1 or too large for a timer.
 * @example
 * ```ts
 * const events = channel<string>(block(1))
 * const beats = await toArray(events.readable.pipeThrough(keepAlive(5, () => ': ping')).pipeThrough(take(2)))
 * // => [': ping', ': ping']
 * ```
 */
export function keepAlive<I, O = I>(
  ms: number,
  make: () => O | PromiseLike<O>,
  options: StageOptions<I> = {},
): Stage<I, I | O> {
  checkPeriod('keepAlive: ms', ms)
  checkFunction('keepAlive: make', make)
  return stageOf<I, I | O>('keepAlive', { create: down => new IdleOperator<I, O>(down, ms, make) }, options)
}
