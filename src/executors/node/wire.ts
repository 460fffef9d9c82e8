import type { Transferable } from '../../internal/platform-types.ts'
import type { ToWorker } from '../messages.ts'
import type { Notes } from '../progress.ts'

/** The way to one worker of tinypool's. */
export interface Wire {
  /** What the host is given to reach us by. */
  readonly task: object
  /** How tinypool is to run it. */
  readonly runOptions: object
  post(message: ToWorker, transfer: readonly Transferable[]): void
  notes(): Notes | undefined
  hold(held: boolean): void
  /** The worker is gone: takes in what it had sent. */
  finish(): Promise<void>
  close(): void
}
