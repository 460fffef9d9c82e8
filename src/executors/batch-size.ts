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

/** A batch that has come back. */
export interface Measured {
  readonly items: number
  /** Milliseconds of the worker. */
  readonly busy: number
  /** Milliseconds of this thread until it was on its way. */
  readonly sending: number
  /** That were moved. */
  readonly bytes: number
}

/** Sizes batches by what the ones before took. */
export class BatchSize {
  #busy = 0
  #sending = 0
  size = 1
  /**
   * Items are moved, and take a worker less than it takes to send them: one worker does as many as this thread sends,
   * with one batch behind another. Every further one would make the batches smaller, and have to be woken for each.
   */
  light = false
  readonly #mayGather: boolean

  /** @param mayGather Items may all go to one worker. */
  constructor(mayGather = false) {
    this.#mayGather = mayGather
  }

  /** @param underWay Batches that all workers have together. */
  measured({ items, busy, sending, bytes }: Measured, underWay: number): void {
    this.#busy = mean(this.#busy, busy / items)
    this.#sending = mean(this.#sending, sending / items)
    this.light = this.#mayGather && bytes > 0 && this.#busy < this.#sending
    // Large items may take longer to copy than to work on.
    const perItem = Math.max(this.#busy, this.#sending)
    const most = (MAX_BYTES * items) / (bytes * (this.light ? 2 : underWay))
    const fit = Math.floor(Math.min(TARGET / perItem, most))
    this.size = Math.max(1, Math.min(fit, this.size * GROWTH, MAX_BATCH))
  }
}

const mean = (before: number, now: number): number => (before === 0 ? now : (before + now) / 2)
