/** How long a batch should take, in milliseconds: long enough that a message no longer matters, short enough to wait for. */
const TARGET = 2
/** Items of a batch at the most. */
export const MAX_BATCH = 1024
/** How much a batch may grow by: the first items of a function are slower than the rest, and items differ. */
const GROWTH = 4

/** Sizes batches by what the ones before took. */
export class BatchSize {
  #perItem = 0
  size = 1

  /** A batch took so long, in milliseconds. */
  measured(items: number, busy: number): void {
    const perItem = busy / items
    this.#perItem = this.#perItem === 0 ? perItem : (this.#perItem + perItem) / 2
    const fit = this.#perItem === 0 ? MAX_BATCH : Math.floor(TARGET / this.#perItem)
    this.size = Math.max(1, Math.min(fit, this.size * GROWTH, MAX_BATCH))
  }
}
