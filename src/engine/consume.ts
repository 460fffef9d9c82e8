import { checkOptions, checkSignal, show } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import type { Operator } from './operator.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { takeOver } from './take-over.ts'

export interface CollectOptions {
  /** Cancels the stream and rejects with its reason. */
  readonly signal?: AbortSignal
}

/** What a collector does with each item, and what it gives in the end. */
export interface Collection<T, R> {
  /** Takes an item; true means that it needs no more. */
  readonly take: (item: T) => boolean
  readonly result: () => R
  /** Stands between the stream and `take`, for functions that may be asynchronous. */
  readonly through?: (down: Downstream<T>) => Operator<never, T>
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
  if (!(stream instanceof ReadableStream)) throw new TypeError(`${name}: the argument must be a ReadableStream, received ${show(stream)}`)
  checkOptions(name, options)
  const signal = options?.signal
  checkSignal(`${name}: signal`, signal)
  if (stream.locked) throw new TypeError(`${name}: the stream is locked: something else reads it`)
  let up: Upstream | undefined
  let over = false
  let onAbort: (() => void) | undefined
  try {
    return await new Promise<R>((resolve, reject) => {
      const fail = (error: unknown): void => {
        over = true
        reject(error)
      }
      const down: Downstream<T> = {
        next(item) {
          if (over) return false
          if (!take(item)) return true
          over = true
          // The source has done its clean-up before its consumer goes on, as with `break` in a loop.
          resolve(Promise.resolve(up?.cancel(undefined)).then(result))
          return false
        },
        end() {
          over = true
          resolve(result())
        },
        fail,
        abort: fail,
      }
      onAbort = () => {
        over = true
        up?.cancel(signal?.reason)?.catch(noop)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort)
      up = start(takeOver(stream), down, through)
      if (signal?.aborted) onAbort()
      else up.resume()
    })
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort)
  }
}

function start<T>(producer: Producer<T>, down: Downstream<T>, through: Collection<T, unknown>['through']): Upstream {
  if (!through) return producer.connect(down)
  const operator = through(down) as unknown as Operator<T, T>
  operator.up = producer.connect(operator)
  return operator
}
