import type { Notes } from './progress.ts'

/** What a watch must know of the items at a worker. */
export interface Watched {
  /** How long that item may take, in milliseconds, if it is at the worker and has a limit. */
  timeoutOf(serial: number): number | undefined
  /** Whether the item is at the worker and without an outcome. */
  isOpen(serial: number): boolean
  /** How much of the last `elapsed` milliseconds the worker had a processor, or needed none. */
  ran(elapsed: number): number
}

/** What a worker may be silent for in any case, in milliseconds. */
const LEAST = 50

/**
 * Looks, again and again, at what a worker says that it is at, and finds what takes too long. It is our own time that
 * counts, from when an item was first seen at work: clocks of two processes may differ, and ours may have stood still.
 * What the worker's thread waits for a processor does not count, where that can be told.
 */
export class Watch {
  readonly #watched: Watched
  readonly #grace: number
  /** For how long each item has been seen at work, in milliseconds. */
  readonly #seen = new Map<number, number>()
  #silentFor = 0
  /** An item that was late may still be at work, though nothing is noted of it any more. */
  doubtful = false

  constructor(watched: Watched, grace: number) {
    this.#watched = watched
    this.#grace = grace
  }

  /** The worker has sent something: it is alive. Gives the moment. */
  heard(): number {
    this.#silentFor = 0
    return performance.now()
  }

  /**
   * The items of which one keeps the worker from everything else: it must be ended. Empty if it is one that was late
   * before; undefined if all is well.
   *
   * @param elapsed Milliseconds since the last look.
   */
  look({ current, pending }: Notes, elapsed: number): readonly number[] | undefined {
    const atWork = current === undefined ? pending : [current]
    for (const serial of this.#seen.keys()) if (!atWork.includes(serial)) this.#seen.delete(serial)
    if (atWork.length === 0) return this.#silence(elapsed)
    this.#silentFor = 0
    let overdue = false
    let ran: number | undefined
    for (const serial of atWork) {
      const timeout = this.#watched.timeoutOf(serial)
      if (timeout === undefined) continue
      const before = this.#seen.get(serial)
      // Where there are too few processors it is not the item that takes long.
      if (before !== undefined) ran ??= this.#watched.ran(elapsed)
      const seenFor = before === undefined ? 0 : before + (ran ?? elapsed)
      this.#seen.set(serial, seenFor)
      // Of a promise the worker's own timer tells, unless its event loop stands still: a function that does not return
      // after an `await`.
      const patience = current === undefined ? Math.max(LEAST, Math.min(timeout, this.#grace)) : 0
      if (seenFor > timeout + patience) overdue = true
    }
    return overdue ? atWork.filter(serial => this.#watched.isOpen(serial)) : undefined
  }

  /** Nothing is at work: if a late item holds the event loop, no other one begins. */
  #silence(elapsed: number): readonly number[] | undefined {
    if (!this.doubtful) return undefined
    this.#silentFor += elapsed
    return this.#silentFor > Math.max(LEAST, this.#grace) ? [] : undefined
  }
}
