import type { Transferable } from '../internal/platform-types.ts'
/**
 * Where the items of a `parallel` stage are worked on: threads, processes, web workers, or somewhere of your own. The
 * stage does the queueing, the order, the batches, the retries and the account; an executor runs batches.
 */
export interface Executor<I = unknown, O = unknown> {
  /** How many workers there are; batches name theirs, from 0 to `concurrency - 1`. A worker's state may be kept. */
  readonly concurrency: number
  /** How many further batches each worker takes while it works on one: hides the way there and back. Default: 0. */
  readonly ahead?: number
  /** How many items a worker has at work at the same time. Default: 1. */
  readonly overlap?: number
  /**
   * Works on a batch, and gives the outcomes in the order of its items, save those already reported with
   * `batch.report`. A rejection says that the executor itself is broken, not an item: the stage fails with it.
   */
  run(batch: Batch<I, O>): PromiseLike<readonly Outcome<O>[] | undefined>
  /** The worker will not be needed soon: the stage has more workers than work. */
  retire?(worker: number): void
  /** What there is to say about each worker that has worked. */
  stats?(): readonly WorkerStats[]
  /** What a worker is at, as far as is known: for `explain`. */
  atWork?(worker: number): AtWork | undefined
  /** No more batches. Settles when nothing runs any more. */
  close(): PromiseLike<void>
}

/** What a worker is at. */
export interface AtWork {
  /** The position of the item, among those that came to its stage, whose function has not come back. */
  readonly index?: number | undefined
  /** The item's stage. */
  readonly stage?: string | undefined
  /** When the worker was last heard of, or given something to do, by `performance.now()`. */
  readonly since: number
}

/** Some items of one stage on their way to one worker. */
export interface Batch<I = unknown, O = unknown> {
  readonly items: readonly I[]
  /** The position of each item among those that came to the stage. */
  readonly indexes: readonly number[]
  /** For which time each item is tried, from 1. */
  readonly attempts: readonly number[]
  /** Each item's key as a number, where the stage has a `key`: items of one key must not be at work together. */
  readonly keys: readonly number[] | undefined
  /** Which worker it is for. */
  readonly worker: number
  /** The stage's name. */
  readonly stage: string
  /** The function's name: the export. */
  readonly name: string
  /** How long an item may take, in milliseconds; it is the executor that must end it. */
  readonly timeout: number | undefined
  /** How long the batch may take before what has not been started comes back as `unstarted`, in milliseconds. */
  readonly budget: number | undefined
  /** What is to be moved to the worker instead of copied. */
  readonly transfer: readonly Transferable[]
  /** Fires when nobody wants the results any more. */
  readonly signal: AbortSignal
  /** Milliseconds that the worker was busy with it, if the executor knows; else the stage takes the time. */
  busy: number | undefined
  /** An outcome that is known before the others; the first one for an item counts. */
  report(at: number, outcome: Outcome<O>): void
  /** The results of all items, in their order: the same as `report` for each of them, and quicker. */
  reportAll(values: readonly O[]): void
}

/** What became of an item. */
export type Outcome<O = unknown> =
  | { readonly status: 'fulfilled'; readonly value: O }
  | { readonly status: 'rejected'; readonly reason: unknown }
  /** It took longer than the batch's `timeout`, and was ended. */
  | { readonly status: 'timedOut' }
  /** Its worker died while it was at work: this attempt counts. */
  | { readonly status: 'crashed'; readonly reason: unknown }
  /** Its worker died or gave it back before it came to it, or others may be to blame (`alone`: run it by itself). */
  | { readonly status: 'unstarted'; readonly alone?: boolean }

/** The figures of one worker. */
export interface WorkerStats {
  /** Its number, from 0. */
  readonly worker: number
  /** `cold`: not started, or ended; it starts when there is work. */
  readonly state: 'cold' | 'starting' | 'idle' | 'busy' | 'ending'
  /** Items finished, failed ones included, by this worker and those that it replaced. */
  readonly items: number
  /** Items given to it and not finished. */
  readonly inFlight: number
  /** Milliseconds at work. */
  readonly busy: number
  /** How many times it was started. */
  readonly starts: number
  /** How many times it died, or was ended because of a timeout or an abort. */
  readonly crashes: number
}
