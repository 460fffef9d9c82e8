import { type CollectOptions, consume } from '../engine/consume.ts'

/**
 * Takes a stream to its end and forgets the items: for pipelines whose stages do the work.
 *
 * - **Rejects** with the stream's error, or with the reason of `signal`; the stream is cancelled then.
 *
 * @example
 * ```ts
 * const seen: number[] = []
 * await drain(from([1, 2]).pipeThrough(tap(n => seen.push(n))))
 * seen // => [1, 2]
 * ```
 */
export function drain(stream: ReadableStream<unknown>, options?: CollectOptions): Promise<void> {
  return consume('drain', stream, options, { take: () => () => true, result: () => undefined })
}
