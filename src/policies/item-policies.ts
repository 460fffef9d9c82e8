import { checkDelay, show } from '../internal/check.ts'
import { isWritable } from '../internal/is-writable.ts'
import type { BreakerState } from './breaker-state.ts'
import { breakerStateOf, type CircuitBreaker } from './circuit-breaker.ts'
import type { OnError } from './on-error.ts'
import { checkRetry, type RetryOptions } from './retry.ts'

/** What is written to `deadLetter` for an item that failed for good. */
export interface DeadLetter<I = unknown> {
  readonly item: I
  /** What its function threw the last time, or its promise rejected with. */
  readonly error: unknown
  /** The stage's name. */
  readonly stage: string
  /** How many times its function was called for it. */
  readonly attempts: number
  /** When it failed, in milliseconds since the epoch. */
  readonly at: number
  /** The item's position among those that came to the stage, from 0. */
  readonly index: number
}

/** Anything that runs a function in its own way, such as a policy of the library cockatiel. */
export interface Policy {
  /** Calls `fn`, once or more often or not at all, with a signal that tells it to give up; gives what comes of it. */
  execute<T>(
    fn: (context: { readonly signal: AbortSignal }) => PromiseLike<T> | T,
    signal?: AbortSignal,
  ): PromiseLike<T>
}

/** What happens around the function of a stage, for each item by itself. */
export interface ItemPolicies<I, R = never> {
  /**
   * How long an attempt may take, in milliseconds; then it fails with `TaskTimeoutError` and its `signal` fires. A
   * function that goes on nevertheless is no longer counted. Default: as long as it takes.
   */
  readonly timeout?: number
  /** Tries an item again that failed. While it waits it keeps its place in the order, and counts as being worked on. */
  readonly retry?: RetryOptions<I>
  /**
   * What becomes of an item that failed for good, counted as `failed` unless it gets a replacement. Default: `fail`;
   * with a `deadLetter`, `skip`.
   */
  readonly onError?: OnError<I, R>
  /**
   * Gets a {@link DeadLetter} for each item that failed for good, before `onError` is asked. The item stays in the
   * stage until it is written; if it cannot be, the stage fails with the reason. The stream is not closed.
   */
  readonly deadLetter?: WritableStream<DeadLetter<I>>
  /** Spares what the function calls when it keeps failing; see `circuitBreaker`. Each attempt asks it. */
  readonly breaker?: CircuitBreaker
  /** Runs each attempt: `cockatiel`'s policies, or anything with its `execute`. Inside of `retry` and `breaker`. */
  readonly policy?: Policy
}

/** The policies as they are followed. */
export interface PolicyPlan<I> {
  readonly timeout: number | undefined
  readonly retry: RetryOptions<I> | undefined
  readonly onError: OnError<I, unknown>
  readonly deadLetter: WritableStream | undefined
  readonly breaker: BreakerState | undefined
  readonly policy: Policy | undefined
}

/** Reads a stage's policies; undefined where there are none. @throws where one is not what it must be. */
export function policyPlan<I>(
  where: string,
  options: ItemPolicies<I, unknown> = {},
): PolicyPlan<I> | undefined {
  const { timeout, retry, deadLetter, breaker, policy } = options
  const onError = options.onError ?? (deadLetter ? 'skip' : 'fail')
  if (timeout !== undefined) checkDelay(`${where}: timeout`, timeout)
  if (retry !== undefined) checkRetry(where, retry)
  if (onError !== 'fail' && onError !== 'skip' && typeof onError !== 'function') {
    throw new TypeError(`${where}: onError must be 'fail', 'skip' or a function, received ${show(onError)}`)
  }
  if (deadLetter !== undefined && !isWritable(deadLetter))
    throw new TypeError(`${where}: deadLetter must be a WritableStream, received ${show(deadLetter)}`)
  const state = breakerStateOf(breaker)
  if (breaker !== undefined && !state)
    throw new TypeError(`${where}: breaker must come from circuitBreaker(), received ${show(breaker)}`)
  if (policy !== undefined && typeof policy?.execute !== 'function')
    throw new TypeError(`${where}: policy must have a method execute, received ${show(policy)}`)
  if (timeout === undefined && !retry && onError === 'fail' && !deadLetter && !state && !policy) return
  return { timeout, retry, onError, deadLetter, breaker: state, policy }
}
