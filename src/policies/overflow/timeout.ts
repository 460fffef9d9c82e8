import { checkDelay } from '../../internal/check.ts'
import type { Capacity, Strategy } from '../../strategy.ts'
import { overflow } from './overflow.ts'

/**
 * A full inbox makes the writer wait for up to `ms`, then refuses as `reject` does, with `QueueTimeoutError`.
 * Counted as `timedOut`.
 *
 * @param capacity Items held, or `{ highWaterMark, size }`.
 * @param ms How long an item may wait for room, in milliseconds.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`; `ms` is negative.
 * @example
 * ```ts
 * const queue = channel<number>(timeout(2, 10))
 * await Promise.allSettled([1, 2, 3].map(n => queue.send(n))) // nobody reads within 10 ms
 * queue.stats().timedOut // => 1
 * ```
 */
export function timeout<T>(capacity: Capacity<T>, ms: number): Strategy<T> {
  checkDelay('timeout: ms', ms)
  return overflow('timeout', capacity, ms)
}
