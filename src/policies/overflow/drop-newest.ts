import type { Capacity, Strategy } from '../../strategy.ts'
import { overflow } from './overflow.ts'

/**
 * A full inbox discards the item that arrives; the writer never waits. Counted as `dropped`, seen by `onDrop`.
 *
 * @param capacity Items held, or `{ highWaterMark, size }`; an item heavier than the whole capacity is dropped.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`.
 * @example
 * ```ts
 * const queue = channel<number>(dropNewest(2))
 * for (const n of [1, 2, 3]) await queue.send(n)
 * queue.close()
 * await toArray(queue.readable) // => [1, 2]
 * ```
 */
export function dropNewest<T>(capacity: Capacity<T>): Strategy<T> {
  return overflow('dropNewest', capacity)
}
