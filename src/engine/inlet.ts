import { noop } from '../internal/noop.ts'
import type { Port, QueuePort } from './port.ts'

/** What a writable and its writers know in common. */
interface InletState {
  /** Somebody asked for an abort, rather than a pipe whose source failed. */
  prompt: boolean
  /** Neither closing nor closed nor errored. */
  open: boolean
  /** A writer asked for the close. */
  closing: boolean
  used: boolean
}

/**
 * The writable side of a stage: a real WritableStream that hands its chunks to the stage's port. It queues nothing
 * of its own beyond the one chunk that every WritableStream holds.
 */
export class Inlet<I> extends WritableStream<I> {
  readonly #port: Port<I>
  readonly #state: InletState

  constructor(port: Port<I>) {
    const state: InletState = { prompt: false, open: true, closing: false, used: false }
    let controller!: WritableStreamDefaultController
    let closing = false
    super({
      start: c => {
        controller = c
      },
      write(item) {
        state.used = true
        return port.write(item)
      },
      close() {
        closing = state.used = true
        state.open = false
        return port.close()
      },
      abort(reason) {
        state.used = true
        state.open = false
        // A pipe whose source failed waits for its chunks before it aborts. Nobody discards what came before an
        // error, so only an abort that somebody asked for is prompt.
        return port.abort(reason, state.prompt)
      },
    })
    this.#port = port
    this.#state = state
    // Nor can an abort come from a source's failure while a chunk is unanswered, or after the close; and then the
    // sink would hear of it only when that is through.
    controller.signal?.addEventListener('abort', () => {
      if (!port.unanswered && !closing) return
      state.open = false
      // The platform is in the midst of its own abort: a cancel that comes back has nothing to tell it.
      port.onCancel = noop
      port.abort(controller.signal.reason, true)
    })
    port.onCancel = reason => {
      state.open = false
      controller.error(reason)
    }
    if (port.cancelled) port.onCancel(port.cancelled.reason)
  }

  /** Whether anybody has written, closed or aborted, or may be about to. */
  get used(): boolean {
    return this.locked || this.#state.used
  }

  override getWriter(): WritableStreamDefaultWriter<I> {
    const state = this.#state
    state.used = true
    // One without an inbox has no `open`: it is never asked.
    return new InletWriter(this, this.#port as QueuePort<I>, state)
  }

  /** Takes the writable out of use: a flow was piped into its stage. */
  lock(): WritableStreamDefaultWriter<I> {
    const writer = super.getWriter()
    writer.closed.catch(noop)
    writer.ready.catch(noop)
    return writer
  }

  override abort(reason?: unknown): Promise<void> {
    this.#state.used = true
    if (!this.locked) this.#state.prompt = true
    return super.abort(reason)
  }

  override close(): Promise<void> {
    this.#state.used = true
    if (!this.locked) this.#state.open = false
    return super.close()
  }
}

/**
 * A writer whose abort is known for one that somebody asked for; and whose `write` gets the inbox's own answer, where
 * there is one: a refusal does not break the stream.
 */
class InletWriter<I> extends WritableStreamDefaultWriter<I> {
  readonly #intake: QueuePort<I>
  readonly #state: InletState
  #released = false

  constructor(inlet: Inlet<I>, intake: QueuePort<I>, state: InletState) {
    super(inlet)
    this.#intake = intake
    this.#state = state
  }

  get #usable(): boolean {
    return !this.#released && this.#state.open && this.#intake.open
  }

  override write(chunk?: I): Promise<void> {
    if (this.#usable) return this.#intake.offer(chunk as I).then(noop)
    // Some platforms fail an assertion on a write while the sink is closing, which takes as long as the inbox is full.
    if (this.#state.closing && !this.#released && super.desiredSize !== null) {
      return Promise.reject(new TypeError('write: the writable side is closed'))
    }
    return super.write(chunk)
  }

  override get desiredSize(): number | null {
    return this.#usable ? this.#intake.desiredSize : super.desiredSize
  }

  override get ready(): Promise<void> {
    const room = this.#usable ? this.#intake.room : undefined
    return room ? room.then(() => super.ready) : super.ready
  }

  override close(): Promise<void> {
    if (!this.#released) {
      this.#state.open = false
      this.#state.closing = true
    }
    return super.close()
  }

  override abort(reason?: unknown): Promise<void> {
    if (!this.#released) this.#state.prompt = true
    return super.abort(reason)
  }

  override releaseLock(): void {
    this.#released = true
    super.releaseLock()
  }
}
