/**
 * What holds up a stage, apart from the stages before and behind it:
 * - `function`: the user's function has an item and has not come back;
 * - `timer`: it goes on by itself after a while (a rate limit, a retry's delay, a batch's `maxWait`);
 * - `worker`: a worker has its items;
 * - `items`: it keeps items back until more of them come (an open batch);
 * - `reader`: nobody takes what it has for somebody outside the chain (a window, a branch);
 * - `source`: what it takes its items from gives none;
 * - `store`: what it keeps its items in has not answered;
 * - `breaker`: a circuit breaker is open;
 * - `deadLetter`: its dead letters cannot be written.
 */
export type WaitReason =
  | 'function'
  | 'timer'
  | 'worker'
  | 'items'
  | 'reader'
  | 'source'
  | 'store'
  | 'breaker'
  | 'deadLetter'

/** One thing that is waited for, as somebody who waits for it tells when asked. */
export interface Wait {
  readonly on: WaitReason
  /** A few words for a person, which read well after a colon: `item 12`, `3 of 10 items`. */
  readonly detail?: string | undefined
  /** When the wait began, by `performance.now()`; absent: not known. Negative: not before that moment. */
  readonly since?: number | undefined
  /** When it ends by itself, by `performance.now()`; absent: not known. */
  readonly until?: number | undefined
}

/**
 * Asked by `explain`, never while items flow: so that it may take its time, but must change nothing and never throw.
 * Undefined: it waits for its neighbours at the most. Of several waits, the one of the item that has waited longest.
 */
export type WaitsOn = () => Wait | undefined
