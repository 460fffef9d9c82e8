import { type CollectOptions, consume } from '../engine/consume.ts'

/**
 * The first item of a stream; undefined if it has none. The stream is cancelled, and its clean-up awaited.
 *
 * - **Rejects** with the stream's error, or with the reason of `signal`.
 *
 * @example
 * ```ts
 * await first(range(5, Infinity)) // => 5
 * ```
 */
export function first<T>(stream: ReadableStream<T>, options?: CollectOptions): Promise<T | undefined> {
  let found: T | undefined
  return consume('first', stream, options, {
    take: collector => item => {
      if (collector.over) return false
      found = item
      return collector.stop()
    },
    result: () => found,
  })
}
