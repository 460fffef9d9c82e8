import type { Transferable } from '../internal/platform-types.ts'
import type { Attach, FromWorker, ToWorker } from './messages.ts'
import type { Notes } from './progress.ts'
import type { WireError } from './wire-error.ts'

/** The near end of a worker that has begun. */
export interface Link {
  /** Throws if the message cannot be cloned. */
  post(message: ToWorker, transfer: readonly Transferable[]): void
  /** Which items it has at work, as far as that is known from outside. */
  notes(): Notes | undefined
  /**
   * How much of the last `elapsed` milliseconds its thread was not merely waiting for a processor, since it was asked
   * for last. Absent: nobody can tell.
   */
  ran?(elapsed: number): number
  /** Whether it keeps the process from exiting. */
  hold(held: boolean): void
  /** Ends it, whatever it does. Settles when it is gone. */
  kill(): Promise<void>
}

/** What a worker's near end tells. */
export interface LinkEvents {
  message(message: FromWorker): void
  /** It is gone; no message follows. */
  exit(how: Exit): void
}

/** How a worker died. */
export interface Exit {
  /** What happened, as an error. */
  readonly reason: Error
  /** Somebody outside has ended it: nothing is wrong with its module. */
  readonly killed: boolean
}

/** Why a worker did not begin: its module cannot be loaded, or its `setup` failed. */
export interface StartFailure {
  readonly failure: WireError
}

/** A place where one worker at a time can run. */
export interface WorkerPlace {
  /**
   * Starts a worker; settles once its module is loaded and set up, rejects with a {@link StartFailure} if that fails,
   * with an {@link Exit} if the worker dies of it, and with any other error if none can be made.
   */
  start(attach: Attach, events: LinkEvents): Promise<Link>
  /** Frees what the place itself holds, its worker being gone. */
  close(): Promise<void>
}
