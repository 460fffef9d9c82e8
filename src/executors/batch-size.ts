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
/** What it takes to send a batch, wake its worker and have it back, in milliseconds, at the least. */
const ROUND_TRIP = 0.08

/** Sizes batches by what the ones before took. */
export class BatchSize {
  #perItem = 0
  size = 1
  /**
   * As many bytes as may be moved take the worker less than their way there and back. To send the next batch ahead would
   * save nothing, and make it two messages of half the size.
   */
  light = false

  /**
   * A batch took so long, in milliseconds, and moved so many bytes. So many workers have one each, and so many more
   * behind it.
   */
  measured(items: number, busy: number, bytes: number, workers: number, ahead: number): void {
    const perItem = busy / items
    this.#perItem = this.#perItem === 0 ? perItem : (this.#perItem + perItem) / 2
    const most = (MAX_BYTES * items) / (bytes * workers)
    this.light = most * this.#perItem < ROUND_TRIP
    const fit = Math.floor(Math.min(TARGET / this.#perItem, this.light ? most : most / (1 + ahead)))
    this.size = Math.max(1, Math.min(fit, this.size * GROWTH, MAX_BATCH))
  }
}
