import type { WaitReason } from '../engine/wait.ts'

/** What a part of a chain waits for: one of its neighbours, or something of its own. */
export type WaitsFor = 'upstream' | 'downstream' | WaitReason

/** One part of a chain, as it was found. */
export interface ExplainedStage {
  /** The stage's name; of the other parts, what they are. */
  readonly name: string
  /**
   * `source`: where the items come from; `writer`: whoever writes to a stage; `stage`; `tee`: where a flow was split;
   * `sink`: a sink or collector of this library; `reader`: whoever else reads the flow, be it nobody;
   * `readable`, `writable`, `pair`: streams that are not of this library.
   */
  readonly kind: 'source' | 'writer' | 'stage' | 'tee' | 'sink' | 'reader' | 'readable' | 'writable' | 'pair'
  /** Where it stands behind a `tee`: '1' or '2', '2.1' for a branch of a branch. */
  readonly branch: string
  /** Items in its inbox. */
  readonly queued: number
  /** What its inbox holds at the most, in the units of its strategy; 0 without one. */
  readonly capacity: number
  /** Items inside its operator. */
  readonly inFlight: number
  /** How many items it works on at once at the most. */
  readonly concurrency: number
  /** Items that came to it, and that it gave out; 0 where nobody counts. */
  readonly received: number
  readonly emitted: number
  /** What it waits for; undefined when it does not: it is running just now, or it has come to its end. */
  readonly waitsOn: WaitsFor | undefined
  /** More about that, in a few words: the item, the worker, how full a batch is. */
  readonly detail: string | undefined
  /** For how long it has waited, in milliseconds. */
  readonly forMs: number
  /** Whether that is so, or the least or the most that it can be. What nobody keeps is known from the first look on. */
  readonly bound: 'exact' | 'at least' | 'at most'
  /** In how many milliseconds it goes on by itself, where that is known. */
  readonly untilMs: number | undefined
  /** It has come to its end. */
  readonly ended: boolean
}

/** What {@link explain} has found. */
export interface Explanation {
  /** The chain in order, from its source to its end; behind a `tee`, one branch after the other. */
  readonly stages: readonly ExplainedStage[]
  /** What all others wait for, one of `stages`; undefined while the chain is running, or at its end. */
  readonly culprit: ExplainedStage | undefined
  /** A sentence on what is going on: who is at fault and why. */
  readonly why: string
  /** What can be done about it, where there is something. */
  readonly advice: string | undefined
  /** The whole chain has come to its end. */
  readonly ended: boolean
  /** A picture of the chain, one line for each part, with `why` and `advice` below it. */
  toString(): string
}
