import type { Capacity, Strategy } from '../../strategy.ts'
import { overflow } from './overflow.ts'

/**
 * A full inbox refuses the item that arrives: `write()` rejects with `QueueFullError` and the stage goes on; a pipe
 * fails with that error unless `onReject` takes the refusals. Counted as `rejected`.
 *
 * @param capacity Items held, or `{ highWaterMark, size }`; an item heavier than the whole capacity is refused.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`.
 * @example
 * ```ts
 * const queue = channel<number>(reject(2))
 * await Promise.allSettled([1, 2, 3].map(n => queue.send(n)))
 * queue.stats().rejected // => 1
 * ```
 */
export function reject<T>(capacity: Capacity<T>): Strategy<T> {
  return overflow('reject', capacity)
}
