import type { Attach, FromWorker, ToWorker } from './messages.ts'
import type { Notes } from './progress.ts'
import type { WireError } from './wire-error.ts'

/** What a page tells its worker. Everything of ours is in a field of its own: the two may talk of other things too. */
export interface ToWebWorker {
  readonly sluice:
    | ToWorker
    /** Have you called `expose()`? */
    | { readonly type: 'hello' }
    | {
        readonly type: 'attach'
        readonly attach: Attach
        /** Shared memory for notes, where the page may share memory. */
        readonly notes: SharedArrayBuffer | undefined
        /** A lock for the worker to hold for as long as it lives, where there are locks. */
        readonly lock: string | undefined
      }
}

/** What a worker tells its page. */
export interface FromWebWorker {
  readonly sluice:
    | FromWorker
    /** It has called `expose()`, and can be attached. */
    | { readonly type: 'exposed' }
    | {
        readonly type: 'begun'
        readonly failure: WireError | undefined
        /** It holds the lock. */
        readonly locked: boolean
      }
    /** It has closed itself, with these items at work. */
    | { readonly type: 'closed'; readonly notes: Notes }
}

/** What of a message is ours. */
export function oursOf<M extends { readonly sluice: unknown }>(data: unknown): M['sluice'] | undefined {
  return typeof data === 'object' && data !== null ? (data as Partial<M>).sluice : undefined
}
