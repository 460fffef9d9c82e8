import type { Entry } from './operator.ts'
import type { Producer, Upstream } from './protocol.ts'

/** Where a stage's items come in, from a flow piped into it or from a writer. */
export interface Port<I> extends Upstream {
  /** The operator behind it is there: from now on its demand counts. */
  connect(node: Entry<I>): void
  /** Takes items from a flow; a port without an inbox, only once it is connected. */
  attach(feed: Producer<I>): void
  /** One chunk of the stage's `writable`; settles when the stage has taken it, or rejects with its refusal. */
  write(item: I): Promise<void> | undefined
  /** Whether a chunk was written that is neither taken nor refused yet. */
  readonly unanswered: boolean
  /** No more chunks; settles when the operator has come to its end. */
  close(): Promise<void>
  /** The writer gives up. `prompt`: what is inside is discarded; else it is still worked on first. */
  abort(reason: unknown, prompt: boolean): void
  /** Why the stage wants nothing more, once it does not. */
  readonly cancelled: { readonly reason: unknown } | undefined
  /** The `writable`, once somebody asked for it: told when the stage wants nothing more. */
  onCancel: (reason: unknown) => void
  /** Called at an ending, so that the readable side learns of it even when nobody has read yet. */
  onEnding: () => void
}
