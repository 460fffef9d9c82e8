import { Ring } from '../internal/ring.ts'
import type { Outlet } from './outlet.ts'

/** A read that waits for its item. */
interface Read<T> {
  readonly resolve: (result: ReadableStreamReadResult<T>) => void
  readonly reject: (error: unknown) => void
}

/**
 * The reader of a flow that a chain fills (Streams Standard, section 4.4). The first read goes through the platform's
 * stream, which counts as disturbed from then on; while nothing waits there, the next ones are answered by the chain.
 */
export class FlowReader<T> extends ReadableStreamDefaultReader<T> {
  readonly #outlet: Outlet<T>
  readonly #reads = new Ring<Read<T>>()
  readonly #enter = (resolve: Read<T>['resolve'], reject: Read<T>['reject']): void =>
    this.#reads.push({ resolve, reject })
  /** A read is on the stack. */
  #asking = false

  constructor(flow: ReadableStream<T>, outlet: Outlet<T>) {
    super(flow)
    this.#outlet = outlet
    outlet.reader = this
  }

  override read(): Promise<ReadableStreamReadResult<T>> {
    const outlet = this.#outlet
    if (outlet.reader !== this || outlet.settled) return super.read()
    const within = this.#asking
    this.#asking = true
    let read: Promise<ReadableStreamReadResult<T>>
    if (outlet.unread === 0) {
      read = new Promise(this.#enter)
      if (!within && this.#reads.length === 1) outlet.ask()
    } else {
      outlet.disturb()
      read = super.read()
    }
    this.#asking = within
    if (!within && this.#reads.length > 0) this.#look()
    return read
  }

  /** A read from within another is answered when that one has returned: whoever called it is to hear first. */
  #look(): void {
    if (!this.#outlet.asked) queueMicrotask(this.#ask)
  }

  readonly #ask = (): void => {
    if (!this.eager || this.#outlet.asked) return
    this.#asking = true
    this.#outlet.ask()
    this.#asking = false
    this.#look()
  }

  override releaseLock(): void {
    super.releaseLock()
    this.#outlet.released(this)
    this.fail(new TypeError('read: the reader was released'))
  }

  /** Whether a further item is wanted at once. */
  get eager(): boolean {
    return this.#reads.length > 0 && !this.#asking
  }

  /** Answers the read that has waited longest; false if there is none. */
  take(value: T): boolean {
    if (this.#reads.length === 0) return false
    this.#reads.shift().resolve({ value, done: false })
    return true
  }

  end(): void {
    while (this.#reads.length > 0) this.#reads.shift().resolve({ value: undefined, done: true })
  }

  fail(error: unknown): void {
    while (this.#reads.length > 0) this.#reads.shift().reject(error)
  }
}
