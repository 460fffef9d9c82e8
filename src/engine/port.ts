import type { Entry } from './operator.ts'
import type { Producer, Upstream } from './protocol.ts'
import type { StatsSources } from './stage-stats.ts'
import type { OfferOptions } from './waiting-room.ts'

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
  /** The writer gives up. `prompt`: what is inside is discarded, with a promise of the clean-up; else it is worked on first. */
  abort(reason: unknown, prompt: boolean): Promise<void> | undefined
  /** Why the stage wants nothing more, once it does not. */
  readonly cancelled: { readonly reason: unknown } | undefined
  /** The `writable`, once somebody asked for it: told when the stage wants nothing more. */
  onCancel: (reason: unknown) => void
  /** Called at an ending, so that the readable side learns of it even when nobody has read yet. */
  onEnding: () => void
}

/** The port of a stage with a strategy: it has a queue. */
export interface QueuePort<I> extends Port<I> {
  readonly inbox: NonNullable<StatsSources['inbox']> & { readonly full: boolean }
  /** Neither ended nor cancelled: items may come. */
  readonly open: boolean
  /** Capacity not in use; below 0 while writers wait. */
  readonly desiredSize: number
  /** Settles when a writer that wants to wait for room may write; undefined: at once. */
  readonly room: Promise<void> | undefined
  /** Takes the item, refuses it, or waits, as the strategy says. The promise tells whether it was taken. */
  offer(item: I): Promise<boolean>
  /** Tells of the inbox's use, as Pressure does; in a microtask where it is high already. If `tell` throws, all ends. */
  watch(high: number, low: number, tell: (isHigh: boolean) => void): () => void
}

/** The port of a strategy of ours: it answers code that pushes. */
export interface PushPort<I> extends QueuePort<I> {
  /** Takes the item or refuses it, at once; one that would have to wait has not arrived at all. */
  tryOffer(item: I): boolean
  offer(item: I, options?: OfferOptions): Promise<boolean>
}
