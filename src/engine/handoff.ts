import { type Deferred, deferred } from '../internal/deferred.ts'
import { noop } from '../internal/noop.ts'
import { deliver, type Ending, type Entry } from './operator.ts'
import type { Port } from './port.ts'
import type { Producer, Upstream } from './protocol.ts'

/**
 * The port of a stage without a strategy: it holds no queue. A chunk waits with its writer until the operator wants
 * it, and `write()` settles when the operator has finished with it, as in a TransformStream.
 */
export class Handoff<I> implements Port<I> {
  onCancel: (reason: unknown) => void = noop
  onEnding: () => void = noop
  #node: Entry<I> | undefined
  #feed: Upstream | undefined
  #wanted = false
  #giving = false
  cancelled: { readonly reason: unknown } | undefined
  /** The latest reason: a chunk may fail on its own after the stage was cancelled. */
  #failure: { readonly reason: unknown } | undefined
  /** The chunk that nobody has asked for yet. */
  #chunk: { readonly item: I } | undefined
  /** The writer of the chunk that waits or is being worked on. */
  #writer: Deferred<void> | undefined
  #ending: Ending | undefined
  /** Settles once the operator has come to its end. */
  #end: Deferred<void> | undefined

  connect(node: Entry<I>): void {
    this.#node = node
    node.onOver = () => this.#finished()
    // Whoever connects the operator gets hold of it first.
    if (this.#ending) queueMicrotask(() => this.#deliver())
  }

  attach(feed: Producer<I>): void {
    this.#feed = feed.connect(this.#node as Entry<I>)
    if (this.#wanted) this.#feed.resume()
  }

  resume(): void {
    this.#wanted = true
    if (this.#feed) this.#feed.resume()
    else if (this.#chunk) {
      const { item } = this.#chunk
      this.#chunk = undefined
      if (this.#give(item)) this.#answer()
    } else this.#answer()
  }

  idle(): void {
    if (this.#feed) this.#feed.idle()
    else if (!this.#chunk) this.#answer()
  }

  cancel(reason: unknown): Promise<void> | undefined {
    const first = !this.cancelled
    this.cancelled ??= { reason }
    this.#failure = { reason }
    // Its chunk fails only if it waits or has failed; one at work that comes to a good end was written.
    const node = this.#node
    if (this.#chunk || !node?.working || node.broken) this.#writer?.reject(reason)
    this.#chunk = undefined
    if (!first) return
    this.onCancel(reason)
    return this.#feed?.cancel(reason)
  }

  get unanswered(): boolean {
    return this.#giving || this.#writer !== undefined
  }

  write(item: I): Promise<void> | undefined {
    if (this.cancelled) return Promise.reject(this.cancelled.reason)
    if (this.#wanted && this.#node?.welcome) {
      if (this.#give(item)) return
      const { broken, working } = this.#node as Entry<I>
      if (this.#failure && broken) return Promise.reject(this.#failure.reason)
      if (this.#failure && !working) return
    } else this.#chunk = { item }
    this.#writer = deferred()
    return this.#writer.promise
  }

  close(): Promise<void> {
    if (this.cancelled) return Promise.reject(this.cancelled.reason)
    this.#end = deferred()
    this.#endWith({ failed: false })
    return this.#end.promise
  }

  abort(reason: unknown, prompt: boolean): undefined {
    if (this.#chunk) this.#writer?.reject(reason)
    this.#chunk = undefined
    if (prompt && this.#node) {
      this.#end?.reject(reason)
      this.#node.abort(reason)
    } else this.#endWith({ failed: true, error: reason })
    this.#answer()
  }

  /** Whether the operator has finished with the item. */
  #give(item: I): boolean {
    const node = this.#node as Entry<I>
    this.#wanted = false
    this.#giving = true
    if (node.next(item)) this.#wanted = true
    this.#giving = false
    return !node.broken && (this.#wanted || node.inside === 0)
  }

  #answer(): void {
    this.#writer?.resolve()
    this.#writer = undefined
  }

  #endWith(ending: Ending): void {
    if (this.cancelled) return
    this.onEnding()
    this.#ending = ending
    this.#deliver()
  }

  #deliver(): void {
    const node = this.#node
    if (!node || !this.#ending) return
    deliver(node, this.#ending)
  }

  #finished(): void {
    if (this.cancelled) this.#end?.reject(this.cancelled.reason)
    else this.#end?.resolve()
  }
}
