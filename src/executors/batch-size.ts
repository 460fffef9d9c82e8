/** How long a batch should take, in milliseconds: long enough that a message no longer matters, short enough to wait for. */
const TARGET = 2
/** Items of a batch at the most. */
const MAX_BATCH = 1024
/** How much a batch may grow by: the first items of a function are slower than the rest, and items differ. */
const GROWTH = 4
/**
 * Bytes that all batches under way move at the most. Moving takes no time, so that time alone would have thousands of
 * buffers under way. V8 collects whenever the buffers of a thread have grown by 64 MiB, and results that wait for their
 * turn may all be in this thread: a quarter more, and 1 MB buffers went at half the pace.
 */
const MAX_BYTES = 64_000_000

/** Sizes batches by what the ones before took. */
export class BatchSize {
  #perItem = 0
  size = 1

  /** A batch, one of so many that are under way, took so long, in milliseconds, and moved so many bytes. */
  measured(items: number, busy: number, bytes: number, batches: number): void {
    const perItem = busy / items
    this.#perItem = this.#perItem === 0 ? perItem : (this.#perItem + perItem) / 2
    const fit = Math.floor(Math.min(TARGET / this.#perItem, (MAX_BYTES * items) / (bytes * batches)))
    this.size = Math.max(1, Math.min(fit, this.size * GROWTH, MAX_BATCH))
  }
}
