/** Marks that one look at the clock does for, at the most. */
const MOST = 8
/** Only while so many come within this time, in milliseconds. */
const QUICK = 1

/**
 * When something last happened that may take a while, for `explain`. A look at the clock costs 40 ns, which is too much
 * for every item: while the marks come quickly, only each eighth looks.
 */
export class Stamp {
  /** When the clock was looked at last; 0: never. */
  at = 0
  #left = 0
  #stride = 1

  /** Gives the moment, by `performance.now()`; negative: it was that of an earlier mark, not long before. */
  mark(): number {
    if (--this.#left > 0) return -this.at
    const now = performance.now()
    this.#stride = now - this.at < QUICK ? Math.min(MOST, 2 * this.#stride) : 1
    this.#left = this.#stride
    this.at = now
    return now
  }

  /** The moment of the latest mark, as `mark` gave it. */
  get since(): number {
    return this.#left === this.#stride ? this.at : -this.at
  }
}
