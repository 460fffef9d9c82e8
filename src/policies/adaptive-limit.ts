/** The rise of latency over the base that is aimed at, as a logarithm: enough to be told from noise. */
const AIM = Math.log(1.3)
/** What a probe lowers the limit to, as a part of it. */
const DIP = 0.7
/** Latency that falls by this much in a probe was mostly waiting: of the dip's own logarithm, nine tenths. */
const DEEP = 0.32
/** Windows from one probe to the next; fewer where the limit is below 5, and where a wrong base weighs most. */
const PROBE_AFTER = 20
/** A window closes when its mean is known as well as this (the standard error of a logarithm)… */
const PRECISION = 0.06
/** …or when it has as many items, and fewer while the limit grows quickly. */
const ENOUGH = 100
const HASTY = 40

/** What is shown of a stage whose `concurrency` has bounds. */
export interface AdaptiveStats {
  /** Items that may be worked on at once, at present. */
  readonly concurrency: number
  /** Milliseconds that an item takes at present: a geometric mean of the latest ones. 0: not known yet. */
  readonly latency: number
  /** The latency that the limit is steered towards: 1.3 times what was measured at a lower concurrency. 0: not known yet. */
  readonly targetLatency: number
}

/**
 * The concurrency that something bears, found from how long items take: a gradient of latency against a base that
 * probes keep up to date. By Little's law latency stays the same up to what is borne, and grows in proportion beyond.
 * The gradient and its smoothing are Gradient2's (Netflix, concurrency-limits, 2018), the tolerance is Envoy's "buffer",
 * a base measured at a lowered limit is BBR's (Cardwell and others, 2016) and Envoy's, the gaining speed that of slow
 * start. Plain data: it counts in items, has no clock and no timer, and an idle hour changes nothing.
 *
 * - **A window** takes the logarithms of latencies, so that a few slow items do not weigh more than all others, until
 *   their mean is certain enough: 10 items that take equally long, up to 100 where they differ, and never fewer than the
 *   limit. Clear overload ends it. Calls that began under another limit are left out.
 * - **After a window** the limit is multiplied by the square root of target / latency, by no less than a half.
 *   While latency stays at its base it grows by more each time, up to 1.6.
 * - **A probe**, every 20 windows (with a limit below 5 sooner), lowers the limit to 0.7 for a window; what is measured
 *   there moves the base. It goes lower as long as latency falls with it, so that the base cannot creep up with the
 *   limit. What rises meanwhile says nothing about the base. Where two cuts did not make latency fall, it is not of our
 *   making, and is the new base.
 * - **A window in which the limit was not used** never raises it.
 * - **Failures** are no latencies. What part of the time spent on calls went into failed ones, the limit is lowered by,
 *   at most by half: a service that refuses what is too much at once is used as far as it accepts, calls that end in a
 *   timeout weigh most, and a bad item that fails at once weighs next to nothing.
 */
export class AdaptiveLimit {
  /** How many at once. */
  value: number
  readonly #min: number
  readonly #max: number
  /** The limit before it is rounded, or lowered for a probe. */
  #exact: number
  /** Logarithms of latencies: undisturbed, and of the latest window. */
  #base = Number.NaN
  #level = Number.NaN
  /** From where the limit has come down since, and what latency was there. */
  #top = Number.NaN
  #topLevel = Number.NaN
  /** How often the limit has been lowered for the probe at hand; 0: there is none. The first window is one. */
  #depth = 1
  /** Windows since the latest probe; of these, those in a row that found nothing in the way; cuts without effect. */
  #windows = 0
  #streak = 3
  #vain = 0
  /** Calls that began under another limit and are still to finish. */
  #stale = 0
  #count = 0
  #used = 0
  #sum = 0
  #squares = 0
  /** Milliseconds spent on calls that succeeded, and on those that failed. */
  #spent = 0
  #lost = 0

  constructor(min: number, max: number) {
    this.value = min
    this.#exact = min
    this.#min = min
    this.#max = max
  }

  get stats(): AdaptiveStats {
    return {
      concurrency: this.value,
      latency: Math.expm1(this.#level) || 0,
      targetLatency: Math.expm1(this.#base + AIM) || 0,
    }
  }

  /**
   * A call has finished.
   *
   * @param latency Milliseconds.
   * @param used Whether the limit was what held back further calls.
   * @param others Calls still at work.
   */
  finished(latency: number, failed: boolean, used: boolean, others: number): void {
    if (failed) this.#lost += latency
    else if (this.#stale > 0) {
      this.#stale--
      return
    } else {
      // Less than a millisecond is below what timers, and the clocks of some browsers, can tell.
      const log = Math.log1p(latency)
      this.#count++
      this.#sum += log
      this.#squares += log * log
      this.#spent += latency
      if (used) this.#used++
    }
    const count = this.#count
    const level = this.#sum / count
    const error = Math.sqrt(Math.max(0, this.#squares / count - level * level) / count)
    const few = count < Math.max(10, this.value)
    if (few) {
      // Unless failures have taken as much time as all places have while a call takes as long as it should.
      if (!(this.#lost > this.value * Math.expm1(this.#base))) return
    } else {
      const enough = this.#streak > 1 ? HASTY : ENOUGH
      const overloaded = this.#depth === 0 && level - this.#base - AIM > 4 * error
      if (count < enough && error > PRECISION && !overloaded) return
    }
    const before = this.value
    if (!few) {
      this.#windows++
      if (this.#depth === 0 || !this.#probed(level, error)) this.#adjust(level, error)
      this.#level = level
    }
    if (this.#lost > 0) this.#exact *= Math.max(0.5, this.#spent / (this.#spent + this.#lost))
    this.#exact = Math.min(this.#max, Math.max(this.#min, this.#exact))
    this.#count = this.#used = this.#sum = this.#squares = this.#spent = this.#lost = 0
    if (this.#windows >= Math.min(PROBE_AFTER, 4 * this.value) && this.#depth === 0) this.#depth = 1
    // A part of a place is a place: with a few, the one that is missing is a great part of all.
    this.value = Math.max(this.#min, Math.ceil(this.#exact * DIP ** this.#depth))
    if (this.value !== before) this.#stale = others
  }

  /** A probe's window: goes on lower, or sets the base; false where it says nothing, and is a window like others. */
  #probed(level: number, error: number): boolean {
    const fall = this.#level - level
    if (fall > DEEP && this.value > this.#min) {
      this.#depth++
      return true
    }
    this.#depth = this.#windows = 0
    this.#top = Number.NaN
    if (fall < -0.05 - 2 * error) return false
    this.#approach(level, 3 * error + 0.05)
    return true
  }

  /** Moves the base: a little where that may be noise, else all the way. */
  #approach(level: number, noise: number): void {
    const rise = level - this.#base
    this.#base = Math.abs(rise) <= noise ? this.#base + 0.3 * rise : level
  }

  #adjust(level: number, error: number): void {
    if (level - this.#base < -3 * error - 0.1) this.#base = level
    // There is nothing lower to probe at.
    else if (this.value === this.#min) this.#approach(level, 3 * error + 0.05)
    const cut = Math.log(this.#top / this.value)
    if (cut > 0.25) {
      const fall = this.#topLevel - level
      if (fall > 0.4 * cut) this.#vain = 0
      else if (fall > -0.1 - error && ++this.#vain === 2) {
        this.#vain = 0
        this.#base = level
      }
    }
    if (!(cut > 0 && cut <= 0.25)) {
      this.#top = this.value
      this.#topLevel = level
    }
    const above = level - this.#base
    let factor = Math.max(0.5, Math.exp((AIM - above) / 2))
    if (above < 0.1) factor = Math.min(1.6, Math.max(1, factor) * (1 + 0.15 * this.#streak++))
    else if (above > AIM) this.#streak = 0
    if (factor < 1 || this.#used * 2 >= this.#count) this.#exact *= factor
  }
}
