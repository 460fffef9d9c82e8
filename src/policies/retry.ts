import { checkDelay, checkFunction, checkInteger, checkOptions, show } from '../internal/check.ts'
import { isThenable } from '../internal/is-thenable.ts'

/** What is known of an attempt that failed. */
export interface AttemptInfo<I = unknown> {
  readonly item: I
  /** The item's position among those that came to the stage, from 0. */
  readonly index: number
  /** Which attempt it was, from 1. */
  readonly attempt: number
}

/** Whether and when an item that failed is tried again. */
export interface RetryOptions<I = unknown> {
  /** How many times an item is tried at the most, the first time included. */
  readonly attempts: number
  /** Milliseconds before the second attempt, or a function that gives them for each wait. Default: 100. */
  readonly delay?: number | ((error: unknown, info: AttemptInfo<I>) => number)
  /** By how much each wait is longer than the one before; only where `delay` is a number. Default: 2. */
  readonly factor?: number
  /** Longest wait, in milliseconds. Default: 30,000. */
  readonly maxDelay?: number
  /**
   * Which part of a wait is left to chance, 0 to 1, so that items that failed together do not come back together: the
   * wait is from `(1 - jitter) * delay` to `delay`. `true` is 1. Default: 0.
   */
  readonly jitter?: number | boolean
  /** Whether an error is worth another attempt: at once, no promise of it. If it throws, the stage fails with that. Default: each is. */
  readonly when?: (error: unknown, info: AttemptInfo<I>) => boolean
}

/** Throws unless these are a way to retry. */
export function checkRetry(where: string, retry: RetryOptions<never>): void {
  if (retry === null || typeof retry !== 'object')
    throw new TypeError(`${where}: retry must be { attempts, delay, … }, received ${show(retry)}`)
  checkOptions(`${where}: retry`, retry)
  const { attempts, delay = 0, factor = 1, maxDelay = 0, jitter = 0, when } = retry
  checkInteger(`${where}: retry.attempts`, attempts, 1, true)
  if (typeof delay !== 'function') checkDelay(`${where}: retry.delay`, delay)
  checkDelay(`${where}: retry.maxDelay`, maxDelay)
  if (!(typeof factor === 'number' && factor >= 1 && factor < Infinity))
    throw new RangeError(`${where}: retry.factor must be a number of 1 or more, received ${show(factor)}`)
  if (typeof jitter !== 'boolean' && !(typeof jitter === 'number' && jitter >= 0 && jitter <= 1))
    throw new RangeError(`${where}: retry.jitter must be from 0 to 1, received ${show(jitter)}`)
  if (when !== undefined) checkFunction(`${where}: retry.when`, when)
}

/** How long to wait after a failed attempt, in milliseconds; undefined: that was the last one. */
export function delayAfter<I>(
  retry: RetryOptions<I> | undefined,
  error: unknown,
  info: AttemptInfo<I>,
): number | undefined {
  if (!retry || info.attempt >= retry.attempts) return
  const { delay = 100, factor = 2, maxDelay = 30_000, jitter = 0, when } = retry
  const again = when ? (when(error, info) as unknown) : true
  if (isThenable(again)) throw new TypeError(`retry.when must give a boolean, gave ${show(again)}`)
  if (!again) return
  const asked =
    typeof delay === 'function'
      ? delay(error, info)
      : delay * Math.min(factor ** (info.attempt - 1), Number.MAX_VALUE)
  if (typeof asked !== 'number' || Number.isNaN(asked))
    throw new TypeError(`retry.delay must give a number of milliseconds, gave ${show(asked)}`)
  return Math.max(0, Math.min(asked, maxDelay)) * (1 - Math.random() * Number(jitter))
}
