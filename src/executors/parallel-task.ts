import type { Deferred } from '../internal/deferred.ts'
import type { Transferable } from '../internal/platform-types.ts'

/** One for all: items are many. */
const NOTHING: readonly Transferable[] = []

/** One item of a parallel stage, from when it comes in until it has gone out. */
export class ParallelTask<I = unknown> {
  item: I
  readonly index: number
  /** Its key as a number, where the stage has a `key`. */
  readonly key: number | undefined
  /** Workers that it has cost. */
  crashes = 0
  /** How many times it was given to a worker, once that is known. */
  tries = 1
  /** Attempts after the first one, those apart that a dead worker has cost. */
  retries = 0
  /** Of an attempt that somebody else has asked for: told of what comes of it. */
  outcome: Deferred<unknown> | undefined
  /** It may have cost a worker its life: it runs by itself. */
  alone = false
  state: 'open' | 'done' | 'failed' | 'skipped' | 'diverted' = 'open'
  result: unknown

  /** What is moved to the worker instead of copied. */
  readonly moved: readonly Transferable[]

  constructor(item: I, index: number, key: number | undefined, moved: readonly Transferable[] = NOTHING) {
    this.item = item
    this.index = index
    this.key = key
    this.moved = moved
  }

  /** Its parts went with a worker: it cannot run again. */
  get gone(): boolean {
    return this.moved.some(part => !(part instanceof ArrayBuffer) || part.byteLength === 0)
  }
}
