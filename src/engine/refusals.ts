import { QueueFullError, QueueTimeoutError, type SpillError } from '../errors.ts'
import { noop } from '../internal/noop.ts'
import type { Inbox } from './inbox.ts'

/** Why an item was dropped: the mode of the inbox that dropped it. */
export type DropReason = 'dropNewest' | 'dropOldest'

/** What an intake tells the outside. */
export interface IntakeOptions<I> {
  readonly name: string
  readonly onDrop?: ((item: I, reason: DropReason) => void) | undefined
  readonly onReject?: ((item: I, error: QueueFullError | QueueTimeoutError | SpillError) => void) | undefined
}

/** What is told of the items that an inbox does not keep. */
export class Refusals<I> {
  readonly #inbox: Pick<Inbox<I>, 'mode' | 'capacity'>
  readonly #options: IntakeOptions<I>

  constructor(inbox: Pick<Inbox<I>, 'mode' | 'capacity'>, options: IntakeOptions<I>) {
    this.#inbox = inbox
    this.#options = options
  }

  /** Whether somebody wants to know of each item that is refused. */
  get heard(): boolean {
    return this.#options.onReject !== undefined
  }

  /** Whether an error is such a refusal, and somebody has been told of it. */
  taken(error: unknown): boolean {
    return this.heard && (error instanceof QueueFullError || error instanceof QueueTimeoutError)
  }

  drop(item: I): void {
    this.#options.onDrop?.(item, this.#inbox.mode as DropReason)
  }

  /** An item that was in has to leave for another one. */
  readonly evict = (item: I): void => {
    if (this.#inbox.mode === 'dropNewest' || this.#inbox.mode === 'dropOldest') this.drop(item)
    else this.refuse(item)
  }

  /** Tells of a refusal, at once or after so many milliseconds. */
  refuse(item: I, late?: number, refused = noop as (error: unknown) => void): unknown {
    const details = { stage: this.#options.name, capacity: this.#inbox.capacity, item }
    const error = late === undefined ? new QueueFullError(details) : new QueueTimeoutError(details, late)
    refused(error)
    this.#options.onReject?.(item, error)
    return error
  }
}
