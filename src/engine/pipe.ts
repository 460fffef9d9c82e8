import { noop } from '../internal/noop.ts'
import { type Downstream, NOWHERE, type Producer, type Upstream } from './protocol.ts'
import { Stamp } from './stamp.ts'

/** Options of a pipe, read from what a caller gave. */
export interface PipeOptions {
  readonly preventAbort: boolean
  readonly preventCancel: boolean
  readonly preventClose: boolean
  readonly signal?: AbortSignal
}

/**
 * Pipes a chain into a platform stream (Streams Standard, section 4.9.1, ReadableStreamPipeTo): what the platform's
 * own `pipeTo` does, without the readable stream between the two, which costs more than a short chain.
 */
export function pipe<T>(
  producer: Producer<T>,
  writer: WritableStreamDefaultWriter<T>,
  options: PipeOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    new Pipe(producer, writer, options, resolve, reject)
  })
}

class Pipe<T> implements Downstream<T> {
  #up: Upstream = NOWHERE
  readonly #writer: WritableStreamDefaultWriter<T>
  readonly #options: PipeOptions
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  /** Shutting down: one of the two sides has come to its end, or the signal has fired. */
  #over = false
  /** The chain was told to wait. */
  stalled = true
  /** The destination's `desiredSize` when the chain was asked last. */
  #room = 0
  stamp: Stamp | undefined
  /** The answer of a destination that had an error when the pipe began. */
  #aborted: Promise<void> | undefined
  /**
   * Writes that may begin besides those under way: of 1,024, one of which the first call of `#pull` adds. `Writable.toWeb`
   * of Node 20 and 22 takes the bytes of its queue for chunks and wants 16,384 of them; arrays of that length, in which the
   * platform keeps them, take microseconds for each `shift()`: rows into a file took 7 and 30 times as much processor time.
   */
  #left = 1023
  /** The latest write. */
  #written: Promise<void> | undefined

  constructor(
    producer: Producer<T>,
    writer: WritableStreamDefaultWriter<T>,
    options: PipeOptions,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#writer = writer
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
    // A destination that is about to fail answers an abort with its own error, one that has failed does not; asked
    // now, because it may have failed by the time that the source's state is known. Neither does anything for it.
    if (writer.desiredSize === null && !options.preventAbort) {
      this.#aborted = writer.abort()
      this.#aborted.catch(noop)
    }
    // In this order, because where both sides have ended already the source's ending counts.
    this.#up = producer.connect(this)
    writer.closed.then(
      () => this.#destinationEnded(new TypeError('pipeTo: the destination is closed')),
      error => this.#destinationEnded(error),
    )
    const { signal } = options
    signal?.addEventListener('abort', this.#onAbort)
    if (signal?.aborted) this.#onAbort()
    // One microtask later than it could: a source that has ended by now says so first.
    else writer.ready.then(noop).then(this.#pull, noop)
  }

  readonly next = (item: T): boolean => {
    if (this.#over) return false
    const writer = this.#writer
    this.#written = writer.write(item)
    // A failed write fails the destination, which tells by its `closed`.
    this.#written.then(this.#pull, noop)
    // Where there was room for one, as in most, it is taken; a lighter item is no more than waited for. To ask the
    // platform takes longer than a stage.
    this.stalled = !(--this.#left > 0 && this.#room > 1 && (writer.desiredSize as number) > 0)
    this.stamp ??= new Stamp()
    this.stamp.mark()
    return !this.stalled
  }

  end(): void {
    // A failed write counts even where the destination is not to be closed.
    const close = () => (this.#options.preventClose ? this.#written : this.#close())
    this.#shutDown(close, this.#resolve)
  }

  fail(error: unknown): void {
    this.#shutDown(
      () => this.#aborted ?? this.#abort(error),
      () => this.#reject(error),
    )
  }

  abort(reason: unknown): void {
    this.fail(reason)
  }

  readonly #pull = (): void => {
    this.#left++
    if (this.#over || !this.stalled) return
    this.#room = this.#writer.desiredSize as number
    if (!(this.#room > 0)) return
    this.stalled = false
    this.#up.resume()
  }

  readonly #onAbort = (): void => {
    const reason = this.#options.signal?.reason
    this.#shutDown(
      () => {
        const aborted = this.#abort(reason)
        const cancelled = this.#up.cancel(reason)
        cancelled?.catch(noop)
        // Where both fail, the destination's error is the one that is told.
        return aborted ? aborted.then(() => cancelled) : cancelled
      },
      () => this.#reject(reason),
    )
  }

  #destinationEnded(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#finish(this.#up.cancel(error), () => this.#reject(error))
  }

  /** Aborts the destination, unless it has an error of its own. */
  #abort(reason: unknown): Promise<void> | undefined {
    const writer = this.#writer
    return this.#options.preventAbort || writer.desiredSize === null ? undefined : writer.abort(reason)
  }

  /** Closes the destination; one that somebody else has closed meanwhile is as good. */
  #close(): Promise<void> {
    const { closed } = this.#writer
    return this.#writer.close().catch(() => closed)
  }

  /** Section 4.9.1, "shutdown with an action": what was taken from the chain is written first. */
  #shutDown(action: () => Promise<unknown> | undefined, then: () => void): void {
    if (this.#over) return
    this.#over = true
    const act = (): void => this.#finish(action(), then)
    if (this.#writer.desiredSize === null) act()
    // Asked a microtask later: the signal may have fired within the call that is about to give its promise.
    else
      Promise.resolve()
        .then(() => this.#written)
        .then(act, act)
  }

  #finish(action: Promise<unknown> | undefined, then: () => void): void {
    const finish = (settle: () => void): void => {
      this.#writer.releaseLock()
      this.#options.signal?.removeEventListener('abort', this.#onAbort)
      settle()
    }
    Promise.resolve(action).then(
      () => finish(then),
      error => finish(() => this.#reject(error)),
    )
  }
}
