import { checkOptions, checkSignal, show } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import { Collector } from './collector.ts'
import type { Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import { coreOf } from './stage-core.ts'
import { FROM, join, outletOf, takeOver } from './take-over.ts'

/** Options of `toArray` and the other collectors. */
export interface CollectOptions {
  /** Cancels the stream and rejects with its reason. */
  readonly signal?: AbortSignal
}

/** What a collector does with each item, and what it gives in the end. */
export interface Collection<T, R> {
  readonly take: (collector: Collector<T>) => (item: T) => boolean
  readonly result: () => R
  /** Stands between the stream and `take`, and works on several items at once. */
  readonly through?: ((down: Downstream<T>) => Operator<T, T>) | undefined
}

/**
 * Takes a stream to its end, in a plain loop where a chain of this library fills it.
 * @throws {TypeError} (as a rejection) Not a ReadableStream, or a locked one.
 */
export async function consume<T, R>(
  name: string,
  stream: ReadableStream<T>,
  options: CollectOptions | undefined,
  { take, result, through }: Collection<T, R>,
): Promise<R> {
  if (!(stream instanceof ReadableStream)) {
    const given = stream as Partial<Iterable<T> & AsyncIterable<T>> | undefined | null
    const gives = given?.[Symbol.asyncIterator] ?? given?.[Symbol.iterator]
    const hint = coreOf(stream) ? '; use the readable of the stage' : gives ? '; wrap it: from(…)' : ''
    throw new TypeError(`${name}: the argument must be a ReadableStream, received ${show(stream)}${hint}`)
  }
  checkOptions(name, options)
  const signal = options?.signal
  checkSignal(`${name}: signal`, signal)
  if (stream.locked) throw new TypeError(`${name}: the stream is locked: something else reads it`)
  let onAbort: () => void = noop
  try {
    return await new Promise<R>((resolve, reject) => {
      const collector = new Collector(take, () => resolve(result()), reject)
      collector.name = name
      const operator = through?.(collector)
      const up = takeOver(stream).connect(operator ?? collector)
      if (FROM in stream || outletOf(stream)) join(stream, operator ?? collector)
      if (operator) operator.up = up
      collector.up = operator ?? up
      onAbort = () => {
        collector.abort(signal?.reason)
        collector.up.cancel(signal?.reason)?.catch(noop)
      }
      signal?.addEventListener('abort', onAbort)
      if (signal?.aborted) onAbort()
      else collector.up.resume()
    })
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
