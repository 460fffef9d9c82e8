import { noop } from '../internal/noop.ts'
import type { Next } from './feed.ts'
import type { FlowReader } from './flow-reader.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { Stamp } from './stamp.ts'
import type { Edge } from './step-run.ts'
import type { Into } from './take-over.ts'

/** Nobody has read from the platform's stream yet. */
const FRESH = -1
/** Less than any number of reads makes up for. */
const NEVER = -1e9

/**
 * Where a chain meets a Flow: it stands between the chain that fills the flow and whoever takes from it. A further
 * stage or a collector takes the items directly, and the flow itself only learns of the ending; any other reader
 * takes them through the platform's stream, one per pull.
 */
export class Outlet<T> implements Downstream<T>, Upstream, Producer<T>, Edge {
  /** Who fills the flow. */
  readonly producer: Producer<T>
  #controller: ReadableStreamDefaultController<T> | undefined
  /** What its producer has given, once it was started. */
  up: Upstream | undefined
  /** The flow has come to its end. */
  settled = false
  #asked = false
  /** Who reads it, if that is a reader of ours. */
  reader: FlowReader<T> | undefined
  /**
   * Reads of ours that wait in the platform's stream. 0: nor does an item wait there, so that the chain may answer a reader
   * itself. Below 0: not so; items may have gone through it that were not read like this.
   */
  unread = FRESH
  /** Who takes the items; undefined: the platform's stream. */
  target: Downstream<T> | undefined
  /** The flow itself, for `explain`. */
  stream: ReadableStream<T> | undefined
  /** What the flow was piped into, for `explain`. */
  into: Into | undefined
  /** When the platform's stream was opened, or got an item. */
  stamp: Stamp | undefined
  #locked = false
  /** The lock held for `target`. */
  #reader: ReadableStreamDefaultReader<T> | undefined

  constructor(producer: Producer<T>) {
    this.producer = producer
  }

  /** The underlying source of the flow's platform stream (Streams Standard, section 4.2.3). */
  source(): UnderlyingDefaultSource<T> {
    return {
      start: controller => {
        this.#controller = controller
      },
      pull: () => this.ask(),
      cancel: reason => {
        this.settled = true
        this.reader?.end()
        return this.#start().cancel(reason)
      },
    }
  }

  /** Whether items have gone, or may go, through the platform's stream: then nobody can take them directly. */
  get opened(): boolean {
    return this.up !== undefined
  }

  /** Starts the chain, so that its endings show; pulls nothing. Somebody who has locked the flow starts it himself. */
  open(): void {
    if (this.settled || this.#locked) return
    this.stamp ??= new Stamp()
    this.stamp.mark()
    this.#start()
  }

  /** Keeps the flow locked while a target takes its items. @throws {TypeError} It is locked already. */
  lock(getReader: () => ReadableStreamDefaultReader<T>): this {
    // A getReader of ours, which may be the global class's, must not open the flow that is to be taken over.
    this.#locked = true
    try {
      this.#reader = getReader()
    } catch (error) {
      this.#locked = false
      throw error
    }
    this.#reader.closed.catch(noop)
    return this
  }

  connect(target: Downstream<T>): Upstream {
    this.target = target
    this.#start()
    return this
  }

  #start(): Upstream {
    this.up ??= this.producer.connect(this)
    return this.up
  }

  get next(): Next<T> {
    return this.target ? this.target.next : this.#enqueue
  }

  readonly #enqueue = (item: T): boolean => {
    if (this.settled) return false
    this.push(item)
    return this.#asked
  }

  /** An item is wanted. */
  ask(): void {
    this.#asked = true
    this.#start().resume()
  }

  /** A reader of ours reads from the platform's stream. */
  disturb(): void {
    this.unread = this.unread === FRESH ? 1 : this.unread + 1
  }

  /** The platform's stream queues and pulls ahead. */
  hoard(): void {
    this.unread = NEVER
  }

  /** A reader of ours lets go: what its reads have asked for comes into the platform's stream. */
  released(reader: FlowReader<T>): void {
    if (this.reader !== reader) return
    this.reader = undefined
    if (this.unread > 0) this.unread = NEVER
  }

  /** Whether the platform's stream has asked for an item that it has not got yet. */
  get asked(): boolean {
    return this.#asked
  }

  get desiredSize(): number | null {
    return this.#controller?.desiredSize ?? null
  }

  /** Puts an item into the platform's stream, wanted or not. @throws what the stream's `size` throws. */
  push(item: T): void {
    this.stamp ??= new Stamp()
    this.stamp.mark()
    const { reader } = this
    if (reader?.take(item)) {
      this.#asked = reader.eager
      return
    }
    this.#asked = false
    this.unread = this.unread > 0 ? this.unread - 1 : NEVER
    this.#controller?.enqueue(item)
  }

  /** Fails the platform's stream where it has ended but still holds items. */
  spoil(error: unknown): void {
    this.#controller?.error(error)
  }

  end(): void {
    this.ended()
    this.target?.end()
  }

  fail(error: unknown): void {
    this.failed(error)
    this.target?.fail(error)
  }

  abort(reason: unknown): void {
    this.failed(reason)
    this.target?.abort(reason)
  }

  resume(): void {
    this.#start().resume()
  }

  idle(): void {
    this.up?.idle()
  }

  cancel(reason: unknown): Promise<void> | undefined {
    this.cancelled()
    return this.#start().cancel(reason)
  }

  ended(): void {
    if (this.settled) return
    this.settled = true
    this.#controller?.close()
    this.reader?.end()
    this.#reader?.releaseLock()
  }

  failed(error: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#controller?.error(error)
    this.reader?.fail(error)
    this.#reader?.releaseLock()
  }

  /** The stream is closed, as a cancelled one is; the chain is told by whoever cancelled. */
  cancelled(): void {
    this.ended()
  }
}
