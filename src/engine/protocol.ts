import type { Next } from './feed.ts'
import type { Stamp } from './stamp.ts'
import type { WaitsOn } from './wait.ts'

/**
 * How items move inside a chain. Upstream gives, downstream takes; the one hot call is `next`, and it allocates
 * nothing. Endings come in three kinds: `end`, `fail` (in band: what was given before is still worked on) and
 * `abort` (at once: what is inside is discarded).
 *
 * The rules both sides keep:
 * - upstream calls `next` only after `resume()`, and stops when `next` returns false until the next `resume()`;
 * - after `cancel()`, and after any ending, upstream calls nothing more; a `next` that comes after an `abort` is
 *   ignored (a user function can abort its own chain while its item is on the way; within one run of steps that item
 *   still goes to the end of the run);
 * - none of these methods throws: an error of a user's function is an ending.
 */
export interface Downstream<T> {
  /** Takes an item. True: the next one is welcome at once. False: wait for `resume()`. */
  readonly next: Next<T>
  end(): void
  fail(error: unknown): void
  abort(reason: unknown): void
  /** What it waits for itself, for `explain`. */
  readonly waitsOn?: WaitsOn | undefined
  /** Since when it waits for a promise, if it does. For `explain`. */
  readonly stamp?: Stamp | undefined
}

export interface Upstream {
  /** Asks for items until `next` returns false. Idempotent; may be called from within `next`. */
  resume(): void
  /** Says that every item given so far is finished with, though no further one is wanted yet. */
  idle(): void
  /** Wants nothing more; the promise, where there is one, settles with the source's clean-up. */
  cancel(reason: unknown): Promise<void> | undefined
  /** What it stands behind, where it is no source itself. For `explain`. */
  readonly up?: Upstream | undefined
  /** What it waits for itself, for `explain`. */
  readonly waitsOn?: WaitsOn | undefined
  /** Since when it waits for a promise, if it does. For `explain`. */
  readonly stamp?: Stamp | undefined
}

/** Something that can be started once, towards one downstream. Starting pulls nothing: `resume()` does. */
export interface Producer<T> {
  connect(down: Downstream<T>): Upstream
}

/** The upstream of a chain that has come to its end. */
export const NOWHERE: Upstream = { resume() {}, idle() {}, cancel: () => undefined }
