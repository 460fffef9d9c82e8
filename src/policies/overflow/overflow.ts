import { Intake } from '../../engine/intake.ts'
import type { Line } from '../../engine/line.ts'
import type { IntakeOptions } from '../../engine/refusals.ts'
import { checkDelay, show } from '../../internal/check.ts'
import {
  type Capacity,
  type OverflowMode,
  PORT,
  type QueueStrategy,
  queueStrategy,
  type StageStrategy,
  type Strategy,
  toStrategy,
} from '../../strategy.ts'

/** The strategy of a mode. */
export function overflow<T>(mode: OverflowMode, capacity: Capacity<T>, ms?: number): Strategy<T> {
  const { highWaterMark, size } =
    typeof capacity === 'object' && capacity !== null ? capacity : { highWaterMark: capacity }
  if (typeof highWaterMark !== 'number') {
    throw new TypeError(
      `${mode}: capacity must be a number or { highWaterMark, size }, received ${show(capacity)}`,
    )
  }
  const strategy = queueStrategy(mode, mode, highWaterMark, size)
  return withPort(ms === undefined ? strategy : { ...strategy, timeout: ms })
}

/** Reads any queuing strategy as one whose port answers code that pushes. */
export function toPushStrategy<T>(where: string, strategy: StageStrategy<T>): Strategy<T> {
  const read = toStrategy(where, strategy)
  return PORT in read ? (read as Strategy<T>) : withPort(read)
}

function withPort<T>(strategy: QueueStrategy<T>): Strategy<T> {
  return Object.freeze({ ...strategy, [PORT]: intakeOf<T> })
}

const MODES: readonly unknown[] = ['block', 'dropNewest', 'dropOldest', 'reject', 'timeout']

/** The port of a stage with the strategy that it is a method of: with a copy, perhaps, that somebody has changed. */
function intakeOf<T>(
  this: QueueStrategy<T>,
  options: IntakeOptions<T>,
  line?: (strategy: QueueStrategy<T>) => Line<T>,
): Intake<T> {
  const { mode, timeout } = this
  if (!MODES.includes(mode)) throw new TypeError(`${options.name}: unknown overflow mode ${show(mode)}`)
  if (mode === 'timeout') checkDelay(`${options.name}: the strategy's timeout`, timeout)
  return new Intake(this, options, line?.(this))
}
