import type { LossyOptions } from '../engine/lossy-options.ts'
import { WindowOperator } from '../engine/window-operator.ts'
import { type Flow, flowOf } from '../flow.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkInteger, checkOptions, show } from '../internal/check.ts'
import { checkPeriod } from '../internal/check-period.ts'
import type { Stage } from '../stage.ts'

interface WindowStageOptions<I> extends LossyOptions<I, 'window'> {
  /** Items of a window at the most. Default: any number. */
  readonly size?: number
  /** How long a window is open after its first item, in milliseconds, at least 1. Default: until it is full. */
  readonly time?: number
}

/** At least one of `size` and `time`. */
export type WindowOptions<I> = WindowStageOptions<I> & ({ readonly size: number } | { readonly time: number })

/**
 * Deals items out to flows, one after the other: each gets the next items until it has had `size` of them, or is `time`
 * old. For arrays, see {@link batch}.
 *
 * - **Emits** a flow when its first item comes: there are no empty ones. It ends when it is full, when its time is over,
 *   and with the input; its items go straight to its reader.
 * - **Holds** at most one item: the first of a window, until it is read. **Waits** for the reader of the window, and for
 *   that window's end before the next one opens: read each one, or cancel it. What still comes for a cancelled window is
 *   dropped: counted as `dropped`, seen by `onDrop` with the reason `'window'`.
 * - **On error** of the source, the open window fails with it, and then the outer flow; **on abort** both, at once.
 *   **Cancelling** the outer flow with a reason, as failures and aborts do, fails the open window with it. Without one, as
 *   `take`, `first` and `break` do, the open window goes on, and the source is closed with that: a window that you were
 *   given is yours to read or to cancel.
 *
 * @throws {RangeError} `size` is not a positive integer, or `time` is below 1 or too large for a timer.
 * @example
 * ```ts
 * const windows = from([1, 2, 3, 4, 5]).pipeThrough(window({ size: 2 }))
 * await toArray(windows.pipeThrough(map(items => reduce(items, (sum, n) => sum + n, 0))))
 * // => [3, 7, 5]
 * ```
 */
export function window<I>(options: WindowOptions<I>): Stage<I, Flow<I>> {
  if (options === undefined) throw new TypeError('window: options must be { size, time }, received undefined')
  checkOptions('window', options)
  const { size = Infinity, time, onDrop } = options
  if (options.size === undefined && time === undefined)
    throw new TypeError(`window: options must have a size or a time, received ${show(options)}`)
  checkInteger('window: size', size, 1, true)
  if (time !== undefined) checkPeriod('window: time', time)
  const told = (item: I): void => onDrop?.(item, 'window')
  return stageOf<I, Flow<I>>(
    'window',
    { create: down => new WindowOperator<I, Flow<I>>(down, { size, time, show: flowOf<I>, told }) },
    options as StageOptions<I>,
  )
}
