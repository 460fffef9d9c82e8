import { noop } from '../internal/noop.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { Stamp } from './stamp.ts'

/** Items of a stream that is not ours, taken through a reader (which locks it) one by one. */
export class ReaderProducer<T> implements Producer<T> {
  readonly #reader: ReadableStreamDefaultReader<T>
  readonly #preventCancel: boolean

  /** What the reader reads, for `explain`. */
  readonly stream: ReadableStream<T>

  constructor(reader: ReadableStreamDefaultReader<T>, preventCancel: boolean, stream: ReadableStream<T>) {
    this.stream = stream
    this.#reader = reader
    this.#preventCancel = preventCancel
    reader.closed.catch(noop)
  }

  connect(down: Downstream<T>): Upstream {
    return new ReaderRun(this.#reader, this.#preventCancel, down)
  }
}

class ReaderRun<T> implements Upstream {
  readonly #reader: ReadableStreamDefaultReader<T>
  readonly #preventCancel: boolean
  readonly #down: Downstream<T>
  readonly #next: (item: T) => boolean
  stamp: Stamp | undefined
  #reading = false
  #over = false

  constructor(reader: ReadableStreamDefaultReader<T>, preventCancel: boolean, down: Downstream<T>) {
    this.#reader = reader
    this.#preventCancel = preventCancel
    this.#down = down
    this.#next = down.next
    // A stream that ends or fails while nobody reads says so at once.
    reader.closed.then(
      () => this.#reading || this.#end(),
      error => this.#reading || this.#fail(error),
    )
  }

  resume(): void {
    if (this.#reading || this.#over) return
    this.#reading = true
    this.stamp ??= new Stamp()
    this.stamp.mark()
    this.#reader.read().then(this.#onRead, this.#fail)
  }

  idle(): void {}

  cancel(reason: unknown): Promise<void> | undefined {
    if (this.#over) return
    this.#over = true
    const { closed } = this.#reader
    // A stream that has failed already answers with its failure, which is not one of its clean-up.
    const cancelled = this.#preventCancel
      ? undefined
      : this.#reader.cancel(reason).catch(error => closed.then(() => Promise.reject(error), noop))
    this.#release()
    return cancelled
  }

  #onRead = (result: ReadableStreamReadResult<T>): void => {
    if (this.#over) return
    if (result.done) {
      this.#end()
      return
    }
    this.#reading = false
    ;(this.stamp as Stamp).at = 0
    if (this.#next(result.value)) this.resume()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#release()
    this.#down.end()
  }

  #fail = (error: unknown): void => {
    if (this.#over) return
    this.#over = true
    this.#release()
    this.#down.fail(error)
  }

  #release(): void {
    try {
      this.#reader.releaseLock()
    } catch {
      // Old platforms refuse while a read is pending; a cancelled read settles and leaves the stream as it is.
    }
  }
}
