/** One timer for a moment that is often put off: that costs no call of a timer, and it never rings early. */
export class Alarm {
  readonly #ring: (late: number) => void
  #due = Infinity
  /** When the timer that runs is to fire; `Infinity`: none runs. */
  #fires = Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `ring` is called once for each moment that is reached, with how many milliseconds late it is. */
  constructor(ring: (late: number) => void) {
    this.#ring = ring
  }

  /** When it rings; `Infinity`: not at all. */
  get due(): number {
    return this.#due
  }

  /** Rings at `due` instead of any other moment. Both are times of `performance.now()`. */
  set(due: number, now: number): void {
    this.#due = due
    // A timer that fires before then goes on from there.
    if (due >= this.#fires) return
    clearTimeout(this.#timer)
    this.#start(now)
  }

  stop(): void {
    if (this.#fires === Infinity) return
    clearTimeout(this.#timer)
    this.#due = this.#fires = Infinity
  }

  #start(now: number): void {
    this.#fires = this.#due
    this.#timer = setTimeout(this.#onTimer, Math.max(0, Math.ceil(this.#due - now)))
  }

  #onTimer = (): void => {
    this.#fires = Infinity
    const now = performance.now()
    const late = now - this.#due
    if (late < 0) this.#start(now)
    else {
      this.#due = Infinity
      this.#ring(late)
    }
  }
}
