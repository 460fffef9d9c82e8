import { type CollectOptions, consume } from '../engine/consume.ts'

/**
 * All items of a stream, in an array.
 *
 * - **Rejects** with the stream's error, or with the reason of `signal`; the stream is cancelled then.
 *
 * @example
 * ```ts
 * await toArray(range(0, 3)) // => [0, 1, 2]
 * ```
 */
export function toArray<T>(stream: ReadableStream<T>, options?: CollectOptions): Promise<T[]> {
  const items: T[] = []
  return consume('toArray', stream, options, {
    take: () => item => {
      items.push(item)
      return true
    },
    result: () => items,
  })
}
