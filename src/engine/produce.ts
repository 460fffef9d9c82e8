import { show } from '../internal/check.ts'
import { isPlainArray } from '../internal/is-plain-array.ts'
import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import { ArrayProducer } from './array-run.ts'
import { IterableProducer } from './iterable-run.ts'
import { type Downstream, NOWHERE, type Producer, type Upstream } from './protocol.ts'
import { takeOver } from './take-over.ts'

/** Whatever can give items: the input of `from`, and what a function of `flatMap` may return. */
export type Giver<T> = Iterable<T | PromiseLike<T>> | AsyncIterable<T> | ReadableStream<T>

/**
 * Starts nothing, but opens the iterator or locks the stream, as `ReadableStream.from` does.
 * @throws {TypeError} The value gives no items.
 */
export function produce<T>(where: string, value: unknown): Producer<T> {
  if (isPlainArray(value)) return new ArrayProducer<T>(value as T[])
  if (value instanceof ReadableStream) return takeOver<T>(value)
  const source = value as { [Symbol.asyncIterator]?: unknown; [Symbol.iterator]?: unknown } | null | undefined
  const asyncMethod = source?.[Symbol.asyncIterator]
  const method = asyncMethod ?? source?.[Symbol.iterator]
  if (typeof method !== 'function') {
    throw new TypeError(
      `${where} must be an iterable, an async iterable or a ReadableStream, received ${show(value)}`,
    )
  }
  const iterator: unknown = method.call(value)
  if ((typeof iterator !== 'object' && typeof iterator !== 'function') || iterator === null) {
    throw new TypeError(`${where}: the iterator must be an object, received ${show(iterator)}`)
  }
  return new IterableProducer<T>(iterator as Iterator<T>, asyncMethod !== undefined && asyncMethod !== null)
}

/** Items of what `open` gives or promises, asked when the first item is wanted. */
export class LateProducer<T> implements Producer<T> {
  readonly #where: string
  readonly #open: () => unknown
  readonly #promised: Promise<unknown> | undefined

  /** `promised`, if given, is what `open` will give: it is closed even if nobody ever opens it. */
  constructor(where: string, open: () => unknown, promised?: Promise<unknown>) {
    this.#where = where
    this.#open = open
    this.#promised = promised
  }

  connect(down: Downstream<T>): Upstream {
    const where = this.#where
    const open = this.#open
    const promised = this.#promised
    let state: 'new' | 'begun' | 'over' = 'new'
    let inner: Upstream = NOWHERE
    const started = (value: unknown): void => {
      if (state === 'over') {
        closeUnused(value)
        return
      }
      try {
        inner = produce<T>(where, value).connect(down)
      } catch (error) {
        failed(error)
        return
      }
      inner.resume()
    }
    const failed = (error: unknown): void => {
      if (state !== 'over') down.fail(error)
    }
    return {
      resume() {
        if (state !== 'new') {
          inner.resume()
          return
        }
        state = 'begun'
        try {
          const value = open()
          if (isThenable(value)) Promise.resolve(value).then(started, failed)
          else started(value)
        } catch (error) {
          failed(error)
        }
      },
      idle() {},
      get up() {
        return inner
      },
      cancel(reason) {
        if (state === 'new') promised?.then(closeUnused, noop)
        state = 'over'
        return inner.cancel(reason)
      },
    }
  }
}

/** A stream or iterator that arrives after everybody has left is closed, not forgotten. */
export function closeUnused(value: unknown, reason?: unknown): void {
  try {
    if (value instanceof ReadableStream) value.cancel(reason).catch(noop)
    else {
      const closed: unknown = (value as { return?: () => unknown } | null)?.return?.()
      if (isThenable(closed)) Promise.resolve(closed).catch(noop)
    }
  } catch {
    // Nobody is left to tell.
  }
}
