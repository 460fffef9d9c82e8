import type { Capacity, Strategy } from '../../strategy.ts'
import { overflow } from './overflow.ts'

/**
 * A full inbox makes the writer wait: a pipe stops pulling, `writer.write()` stays pending. Nothing is lost.
 *
 * @param capacity Items held, or `{ highWaterMark, size }` for weighed items. An item heavier than the whole
 * capacity is taken alone, once the inbox is empty: it could never be taken otherwise.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`.
 * @example
 * ```ts
 * const stage = map((n: number) => n * 2, { strategy: block(16) })
 * stage.stats().capacity // => 16
 * ```
 */
export function block<T>(capacity: Capacity<T>): Strategy<T> {
  return overflow('block', capacity)
}
