/**
 * A token bucket as plain data: tokens come at a steady rate, up to `burst` are kept, and who wants to go takes some.
 * Kept as the one moment at which the bucket will be full (the generic cell rate algorithm, ITU-T I.371), so that
 * nothing has to happen while nobody asks. Times are milliseconds of any clock.
 */
export class TokenBucket {
  /** Milliseconds for one token. */
  readonly #each: number
  readonly #burst: number
  #fullAt = -Infinity

  constructor(limit: number, interval: number, burst: number) {
    this.#each = interval / limit
    this.#burst = burst
  }

  /** How long until there are `n` tokens; 0: now. */
  delay(n: number, now: number): number {
    const left = Math.max(this.#fullAt, now) + (n - this.#burst) * this.#each - now
    // Sums of fractions: less than a microsecond is nothing.
    return left < 1e-3 ? 0 : left
  }

  /**
   * Takes `n` tokens, which are there.
   *
   * @param late How many milliseconds ago somebody who had to wait should have been told: timers are late, and what
   * they are late by would add up. Up to one token's time is made good.
   */
  take(n: number, now: number, late = 0): void {
    this.#fullAt = Math.max(this.#fullAt, now - Math.min(late, this.#each)) + n * this.#each
  }

  /** Whether it is as if nobody had ever taken anything. */
  full(now: number): boolean {
    return this.#fullAt <= now
  }
}
