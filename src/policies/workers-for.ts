import { checkInteger, checkOptions, show } from '../internal/check.ts'
import { roundUp } from '../internal/round-up.ts'

/** What {@link workersFor} goes by. */
export interface WorkersOptions {
  /** Cores that may be used, such as `os.availableParallelism()` or `navigator.hardwareConcurrency`. */
  readonly cores: number
  /** How long an item waits for others (network, disk, timers), on average, in milliseconds. */
  readonly wait: number
  /** How long an item computes, on average, in milliseconds; any unit, if it is that of `wait`. */
  readonly compute: number
  /** The part of the cores that is to be busy, above 0 and up to 1. Default: 1. */
  readonly utilization?: number
}

/**
 * How many workers keep the cores busy when items also wait.
 *
 * The formula is Brian Goetz's (Java Concurrency in Practice, section 8.2): `workers = cores * utilization *
 * (1 + wait / compute)`, rounded up: while one item waits, others compute. Items that never wait want as many workers as
 * there are cores.
 *
 * @returns The number of workers, 1 or more.
 * @throws {RangeError} `cores` is not a positive integer, `wait` is negative, or `compute` is not above 0.
 * @example
 * ```ts
 * workersFor({ cores: 4, wait: 90, compute: 10 }) // => 40
 * ```
 */
export function workersFor(options: WorkersOptions): number {
  if (options === undefined)
    throw new TypeError('workersFor: options must be { cores, wait, compute }, received undefined')
  checkOptions('workersFor', options)
  const { cores, wait, compute, utilization = 1 } = options
  checkInteger('workersFor: cores', cores, 1)
  check('wait', wait, wait >= 0 && wait < Infinity, 'a finite number of 0 or more')
  check('compute', compute, compute > 0 && compute < Infinity, 'a finite number above 0')
  check('utilization', utilization, utilization > 0 && utilization <= 1, 'above 0 and up to 1')
  return roundUp(cores * utilization * (1 + wait / compute))
}

function check(option: string, value: unknown, holds: boolean, kind: string): void {
  if (typeof value !== 'number')
    throw new TypeError(`workersFor: ${option} must be a number, received ${show(value)}`)
  if (!holds) throw new RangeError(`workersFor: ${option} must be ${kind}, received ${value}`)
}
