import type { Wait } from './wait.ts'

/** What a function gets to know of the item it works on, as its second argument. */
export interface ItemContext {
  /** Position of the item among those that came to the stage, from 0. */
  readonly index: number
  /** For which time the item is tried, from 1; see `retry`. */
  readonly attempt: number
  /** Fires, with the reason, when the item's work is no longer wanted: the stage was cancelled, aborted or failed. */
  readonly signal: AbortSignal
}

/** Whatever is under way for one item. */
export interface Scope {
  /** The item's work is no longer wanted. */
  abort(reason: unknown): void
  /** What it waits for, apart from its function. For `explain`. */
  readonly waits?: Wait | undefined
}

/** One item's context, while somebody holds the item. The signal is made when it is first asked for. */
export class ItemScope implements ItemContext, Scope {
  #controller: AbortController | undefined
  readonly index: number
  readonly attempt: number

  constructor(index: number, attempt = 1) {
    this.index = index
    this.attempt = attempt
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }
}
