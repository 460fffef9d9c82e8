import type { WireError } from './wire-error.ts'

/** How a worker begins: what it runs, and how. */
export interface Attach {
  /** Who starts it, for errors of the start. */
  readonly where: string
  /** The module's address; in a browser the functions are there already. */
  readonly module: string | undefined
  /** Exports that must be functions. */
  readonly names: readonly string[]
  readonly data: unknown
  readonly worker: number
  readonly overlap: number
  /** How long work that was told to stop may go on, in milliseconds. */
  readonly grace: number
  /** Say how much memory is in use after each batch. */
  readonly memory: boolean
}

/** A batch for a worker. Fields that say nothing are left out: names cross with each message. */
export interface RunMessage {
  readonly type: 'run'
  readonly id: number
  readonly stage: string
  readonly name: string
  readonly items: readonly unknown[]
  /** The first item's index, where the others follow it. */
  readonly indexes: readonly number[] | number
  readonly attempts?: readonly number[]
  readonly keys?: readonly number[]
  readonly timeout?: number
  readonly budget?: number
  /** The first item's number among all that this worker was given. */
  readonly serial: number
}

export type ToWorker =
  | RunMessage
  /** Nobody wants these batches' results any more. */
  | { readonly type: 'cancel'; readonly ids: readonly number[] }
  /** Finish, tear down, and say `ended`. */
  | { readonly type: 'end' }

/** Results of a batch: some, or with `end` the last of them. */
export interface OutMessage {
  readonly type: 'out'
  readonly id: number
  /** Which items: the place of each value; absent where they are all of them in order. */
  readonly ats?: readonly number[]
  readonly values: readonly unknown[]
  /** Those of the values that are errors. */
  readonly errors?: readonly (readonly [place: number, error: WireError])[]
  /** Items (places in the batch) that took too long. */
  readonly late?: readonly number[]
  /** Items (places in the batch) that were not started and come back. */
  readonly unstarted?: readonly number[]
  readonly end?: { readonly busy: number; readonly memory?: number }
}

export type FromWorker =
  | OutMessage
  /** The item whose function runs, where there is no other way to tell; or those whose promises are pending. */
  | { readonly type: 'at'; readonly serial?: number; readonly pending?: readonly number[] }
  /** Work that should have stopped still goes on: replace me when the rest is done. */
  | { readonly type: 'stuck' }
  /** The batch cannot be worked on at all. */
  | { readonly type: 'broken'; readonly id: number; readonly error: WireError }
  | { readonly type: 'ended'; readonly error: WireError | undefined }
