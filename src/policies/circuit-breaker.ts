import { checkDelay, checkFunction, checkInteger, checkOptions, show } from '../internal/check.ts'
import { isWritable } from '../internal/is-writable.ts'
import { BreakerState, type Circuit, type CircuitState } from './breaker-state.ts'

/** Options of {@link circuitBreaker}. */
export interface CircuitBreakerOptions {
  /** How many failures in a row open it. */
  readonly failures: number
  /** Milliseconds that it stays open before it lets items try again. */
  readonly resetAfter: number
  /** How many items try when it is half-open; when all of them have succeeded, it closes. Default: 1. */
  readonly trials?: number
  /**
   * What becomes of an item that comes while it is open, or half-open and no further trial is wanted: `fail` fails it
   * with `BreakerOpenError` (which is an error like others to `retry`, `onError` and `deadLetter`), `wait` holds it
   * back, `{ divert }` writes it to another stream (counted as done; a write that fails is the
   * item's error). Default: `fail`.
   */
  readonly whileOpen?: 'fail' | 'wait' | { readonly divert: WritableStream }
  /**
   * Whether an error counts as a failure of what is called: at once, no promise of it. One that does not counts as a
   * success. If it throws, the attempt has failed with that, and counts as neither. Default: all do.
   */
  readonly when?: (error: unknown) => boolean
  /** Told of each change, soon after it. What it throws is thrown where nobody catches it, as in a timer. */
  readonly onStateChange?: (state: CircuitState) => void
}

/** A circuit breaker that several stages may share. Made by {@link circuitBreaker}. */
export interface CircuitBreaker {
  /** `open` turns into `half-open` when `resetAfter` has passed, though nothing tells before an item comes. */
  readonly state: CircuitState
  /** Failures in a row, while it is closed. */
  readonly failures: number
  /** Items that wait for it to close. */
  readonly waiting: number
}

const STATE = Symbol('state')

/** What is inside a breaker; undefined for everything else. */
export function breakerStateOf(breaker: unknown): BreakerState | undefined {
  return (breaker as { [STATE]?: BreakerState } | null | undefined)?.[STATE]
}

/**
 * Spares something that keeps failing: after `failures` in a row it is not called any more for `resetAfter`
 * milliseconds, then tried with one item. To be given to stages as `breaker`; several may share one.
 *
 * Calls that began before the breaker opened do not change it when they end. No timer runs, except while items wait.
 *
 * @throws {RangeError} `failures` or `trials` is not a positive integer, or `resetAfter` is negative.
 * @example
 * ```ts
 * const breaker = circuitBreaker({ failures: 2, resetAfter: 10_000 })
 * const down = () => { throw new Error('down') }
 * await toArray(from([1, 2, 3, 4]).pipeThrough(map(down, { breaker, onError: 'skip' })))
 * breaker.state // => 'open'
 * ```
 */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const where = 'circuitBreaker'
  if (options === undefined)
    throw new TypeError(`${where}: options must be { failures, resetAfter }, received undefined`)
  checkOptions(where, options)
  const { failures, resetAfter, trials = 1, whileOpen = 'fail', when, onStateChange } = options
  checkInteger(`${where}: failures`, failures, 1)
  checkDelay(`${where}: resetAfter`, resetAfter)
  checkInteger(`${where}: trials`, trials, 1)
  const divert = typeof whileOpen === 'object' ? whileOpen?.divert : undefined
  if (whileOpen !== 'fail' && whileOpen !== 'wait' && !isWritable(divert)) {
    throw new TypeError(
      `${where}: whileOpen must be 'fail', 'wait' or { divert: a WritableStream }, received ${show(whileOpen)}`,
    )
  }
  if (when !== undefined) checkFunction(`${where}: when`, when)
  if (onStateChange !== undefined) checkFunction(`${where}: onStateChange`, onStateChange)
  const circuit: Circuit = { failures, resetAfter, trials, when, onStateChange }
  const state = new BreakerState(circuit, divert ?? (whileOpen as 'fail' | 'wait'))
  const breaker: CircuitBreaker = {
    get state() {
      return state.state
    },
    get failures() {
      return state.failures
    },
    get waiting() {
      return state.waiting
    },
  }
  return Object.defineProperty(breaker, STATE, { value: state })
}
