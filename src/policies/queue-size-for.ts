import { checkDelay, checkOptions, show } from '../internal/check.ts'
import { roundUp } from '../internal/round-up.ts'

/** What {@link queueSizeFor} goes by. */
export interface QueueSizeOptions {
  /** Items that leave the queue in a second, on average. */
  readonly rate: number
  /** Longest time that an item should wait in the queue, in milliseconds. */
  readonly delay: number
}

/**
 * How many items a queue should hold so that none waits longer than `delay`.
 *
 * Little's law says that of whatever is in a steady state, `L = λ W`: the items inside are the rate at which they pass
 * times the time that each one is inside. So the size is `rate * delay / 1000`, rounded up. A longer queue does not make
 * anything quicker: it only makes items older.
 *
 * @returns The capacity, 1 or more.
 * @throws {RangeError} `rate` is not above 0, or `delay` is negative.
 * @example
 * ```ts
 * queueSizeFor({ rate: 1000, delay: 250 }) // => 250
 * ```
 */
export function queueSizeFor(options: QueueSizeOptions): number {
  if (options === undefined)
    throw new TypeError('queueSizeFor: options must be { rate, delay }, received undefined')
  checkOptions('queueSizeFor', options)
  const { rate, delay } = options
  if (typeof rate !== 'number')
    throw new TypeError(`queueSizeFor: rate must be a number, received ${show(rate)}`)
  if (!(rate > 0 && rate < Infinity))
    throw new RangeError(`queueSizeFor: rate must be above 0 and finite, received ${rate}`)
  checkDelay('queueSizeFor: delay', delay)
  return roundUp((rate * delay) / 1000)
}
