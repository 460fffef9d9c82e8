import { IdleOperator } from '../engine/idle-operator.ts'
import { IdleTimeoutError } from '../errors.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkPeriod } from '../internal/check-period.ts'
import type { Stage } from '../stage.ts'

/**
 * Fails when no item comes for `ms`, the first one included.
 *
 * - **Emits** every item, at once; **holds** none.
 * - **Waits** while downstream is full, and the time does not run then: it runs while an item is asked for, from when it
 *   is asked for or the one before it was given. No timer runs else.
 * - **Fails** with {@link IdleTimeoutError}, and cancels its source with it. When the event loop was blocked for so long,
 *   items that have arrived meanwhile get their turn first.
 *
 * With a strategy, it is the inbox that is asked: items that wait there are not late.
 *
 * @param ms Milliseconds, at least 1.
 * @throws {RangeError} `ms` is below 1 or too large for a timer.
 * @example
 * ```ts
 * const silent = channel<string>(block(1))
 * const error = await toArray(silent.readable.pipeThrough(idleTimeout(5))).catch(error => error)
 * error.code // => 'ERR_IDLE_TIMEOUT'
 * ```
 */
export function idleTimeout<I>(ms: number, options: StageOptions<I> = {}): Stage<I, I> {
  checkPeriod('idleTimeout: ms', ms)
  const fail = (): never => {
    throw new IdleTimeoutError(options.name ?? 'idleTimeout', ms)
  }
  return stageOf<I, I>('idleTimeout', { create: down => new IdleOperator<I, never>(down, ms, fail) }, options)
}
