import type { Batch, Outcome } from './executor.ts'

/** A batch at a seat, and who waits for it. */
export class SeatJob {
  readonly id: number
  readonly batch: Batch
  /** The first item's number among all that the worker was given. */
  serial = 0
  /** Items without an outcome. */
  left: number
  readonly #settled: boolean[] = []
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  /** Ends the wait for work that was told to stop. */
  timer: ReturnType<typeof setTimeout> | undefined

  constructor(id: number, batch: Batch, resolve: () => void, reject: (error: unknown) => void) {
    this.id = id
    this.batch = batch
    this.left = batch.items.length
    this.#resolve = resolve
    this.#reject = reject
  }

  /** The place of the item with this number, while it is without an outcome. */
  placeOf(serial: number): number | undefined {
    const at = serial - this.serial
    return at >= 0 && at < this.batch.items.length && !this.#settled[at] ? at : undefined
  }

  /** The numbers of the items without an outcome. */
  open(): number[] {
    return this.batch.items.flatMap((_, at) => (this.#settled[at] ? [] : [this.serial + at]))
  }

  report(at: number, outcome: Outcome): void {
    if (this.#settled[at]) return
    this.#settled[at] = true
    this.left--
    this.batch.report(at, outcome)
  }

  finish(): void {
    clearTimeout(this.timer)
    this.#resolve()
  }

  /** It cannot be worked on, whatever is tried. */
  break(error: unknown): void {
    clearTimeout(this.timer)
    this.#reject(error)
  }
}
