import type { Transferable } from '../internal/platform-types.ts'
import { movable } from './movable.ts'

/** What a worker's function gets to know of the item it works on, as its second argument. */
export interface TaskContext<D = unknown> {
  /** Position of the item among those that came to the stage, from 0. */
  readonly index: number
  /** For which time the item is tried, from 1: more after its worker has died. */
  readonly attempt: number
  /** Which of the pool's workers this is, from 0. */
  readonly worker: number
  /** The stage's `data`, as this worker got it. */
  readonly data: D
  /** Fires when the result is no longer wanted: the stage was cancelled or aborted, or the item took too long. */
  readonly signal: AbortSignal
  /** Moves these parts of the result (array buffers, ports) to the stage instead of copying them. Shared memory stays shared. */
  readonly transfer: (parts: readonly (Transferable | ArrayBufferLike)[]) => void
}

/** One item's context; the signal is made when it is first asked for. */
export class ItemTask implements TaskContext {
  readonly index: number
  readonly attempt: number
  readonly worker: number
  readonly data: unknown
  /** Parts of the result that are moved with it. */
  moved: Transferable[] | undefined
  #controller: AbortController | undefined

  constructor(index: number, attempt: number, worker: number, data: unknown) {
    this.index = index
    this.attempt = attempt
    this.worker = worker
    this.data = data
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  // A function of its own where it is asked for: people take the context apart in the list of parameters.
  get transfer(): (parts: readonly (Transferable | ArrayBufferLike)[]) => void {
    return parts => {
      if (!Array.isArray(parts)) throw new TypeError('transfer takes an array, such as transfer([buffer])')
      this.moved ??= []
      this.moved.push(...movable(parts))
    }
  }

  abort(reason: unknown): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }
}
