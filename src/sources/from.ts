import { gated, type SourceOptions } from '../engine/gate.ts'
import { type Giver, LateProducer, produce } from '../engine/produce.ts'
import { ReaderProducer } from '../engine/reader-run.ts'
import { join } from '../engine/take-over.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkOptions } from '../internal/check.ts'
import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'

/** What `from` takes. */
export type Source<T> = Giver<T> | PromiseLike<Giver<T>> | (() => Giver<T> | PromiseLike<Giver<T>>)

/**
 * A flow of the items of an array, an iterable or async iterable, a generator function, a ReadableStream, or a
 * promise of one of these. As in `ReadableStream.from` (Streams Standard, section 4.2.3), promises among the items of
 * an iterable are awaited.
 *
 * - **Emits** each item when it is asked for; nothing is taken from the source before somebody reads.
 * - **Holds** nothing. A long run over a synchronous source hands control back at least every 10 ms.
 * - **On error** of the source: that very error. **On cancel**: closes the iterator, or cancels the stream.
 *
 * @param source A function is called when the first item is wanted.
 * @throws {TypeError} The source gives no items; the stream is locked.
 * @example
 * ```ts
 * await toArray(from(['a', 'b']).pipeThrough(map(s => s.toUpperCase())))
 * // => ['A', 'B']
 * ```
 */
export function from<T>(source: Source<T>, options: SourceOptions = {}): Flow<Awaited<T>> {
  checkOptions('from', options)
  const producer = open<Awaited<T>>(source)
  const flow = flowOf(gated('from', producer, options))
  // Of a stream that has no chain of ours nobody could see where its items go.
  if (producer instanceof ReaderProducer) join(producer.stream, flow)
  return flow
}

function open<T>(source: unknown) {
  if (isThenable(source)) {
    // Whoever reads hears of a rejection; until then nobody else has to.
    const promise = Promise.resolve(source)
    promise.catch(noop)
    return new LateProducer<T>('from: the promised source', () => promise, promise)
  }
  if (typeof source === 'function' && !(Symbol.iterator in source) && !(Symbol.asyncIterator in source)) {
    return new LateProducer<T>('from: the function’s result', source as () => unknown)
  }
  return produce<T>('from: the source', source)
}
