import { checkSignal } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import { type Downstream, NOWHERE, type Producer, type Upstream } from './protocol.ts'

/** How a source can be ended from outside. */
export interface SourceOptions {
  /** When it fires, the source ends as if it were exhausted, and everything behind it drains. */
  readonly until?: AbortSignal
  /** When it fires, the source fails with the signal's reason, and what is inside the chain is discarded. */
  readonly signal?: AbortSignal
}

/** A source that signals can end; without any, the source itself. */
export function gated<T>(name: string, producer: Producer<T>, { until, signal }: SourceOptions): Producer<T> {
  checkSignal(`${name}: until`, until)
  checkSignal(`${name}: signal`, signal)
  if (!until && !signal) return producer
  const gate: Gated<T> = { source: producer, connect: down => new Gate(producer, down, until, signal) }
  return gate
}

/** A producer behind a gate. */
export interface Gated<T> extends Producer<T> {
  readonly source: Producer<T>
}

class Gate<T> implements Downstream<T>, Upstream {
  readonly #down: Downstream<T>
  readonly #until: AbortSignal | undefined
  readonly #signal: AbortSignal | undefined
  up: Upstream = NOWHERE
  #over = false
  /** An item is on its way down: an ending waits until it has arrived. */
  #giving = false

  constructor(
    producer: Producer<T>,
    down: Downstream<T>,
    until: AbortSignal | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#down = down
    this.#until = until
    this.#signal = signal
    this.up = producer.connect(this)
    until?.addEventListener('abort', this.#check)
    signal?.addEventListener('abort', this.#check)
    // Its end shows even when nobody reads; but not before whoever connects has got hold of this gate.
    if (signal?.aborted) queueMicrotask(this.#check)
  }

  readonly next = (item: T): boolean => {
    if (this.#over) return false
    this.#giving = true
    const more = this.#down.next(item)
    this.#giving = false
    this.#check()
    return more && !this.#over
  }

  end(): void {
    if (this.#close()) this.#down.end()
  }

  fail(error: unknown): void {
    if (this.#close()) this.#down.fail(error)
  }

  abort(reason: unknown): void {
    if (this.#close()) this.#down.abort(reason)
  }

  resume(): void {
    this.#check()
    if (!this.#over) this.up.resume()
  }

  idle(): void {}

  cancel(reason: unknown): Promise<void> | undefined {
    return this.#close() ? this.up.cancel(reason) : undefined
  }

  readonly #check = (): void => {
    if (this.#over || this.#giving) return
    if (this.#signal?.aborted) {
      const { reason } = this.#signal
      this.#close()
      this.up.cancel(reason)?.catch(noop)
      this.#down.abort(reason)
    } else if (this.#until?.aborted) {
      this.#close()
      this.up.cancel(undefined)?.catch(noop)
      this.#down.end()
    }
  }

  #close(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#until?.removeEventListener('abort', this.#check)
    this.#signal?.removeEventListener('abort', this.#check)
    return true
  }
}
