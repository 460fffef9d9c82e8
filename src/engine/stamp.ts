/** Marks that one look at the clock does for, at the most. */
const MOST = 32
/** Only while so many come within this time, in milliseconds. */
const QUICK = 1

/**
 * When something last happened that may take a while, for `explain`. A look at the clock costs 40 ns, which is too much
 * for every item: while the marks come quickly, only one in 32 looks. Most who may have to wait never do, and make
 * none; each makes its own in place, as a function for all of them would cost twice as much.
 */
export class Stamp {
  /** The moment, by `performance.now()`; negative: it was later than that; 0: nothing is waited for. */
  at = 0
  #last = 0
  /** Marks to go until the next look; with `at` it tells each mark from the one before. */
  left = 0
  #stride = 1

  /** Takes the moment, and gives it. */
  mark(): number {
    if (--this.left > 0) this.at = -this.#last
    else {
      // A test's clock may stand at 0.
      this.at = performance.now() || Number.MIN_VALUE
      this.#stride = this.at - this.#last < QUICK ? Math.min(MOST, 2 * this.#stride) : 1
      this.left = this.#stride
      this.#last = this.at
    }
    return this.at
  }
}
