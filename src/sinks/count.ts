import { type CollectOptions, consume } from '../engine/consume.ts'

/**
 * The number of a stream's items.
 *
 * - **Rejects** with the stream's error, or with the reason of `signal`; the stream is cancelled then.
 *
 * @example
 * ```ts
 * await count(range(0, 1000)) // => 1000
 * ```
 */
export function count(stream: ReadableStream<unknown>, options?: CollectOptions): Promise<number> {
  let items = 0
  return consume('count', stream, options, {
    take: () => () => {
      items++
      return true
    },
    result: () => items,
  })
}
