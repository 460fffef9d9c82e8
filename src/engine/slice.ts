/** How long a chain may hold the event loop, in milliseconds, before it hands control back. */
export const HOLD = 8
/** Items between two looks at the clock at the most: a look costs about 100 ns, an item of a short chain 10 to 20. */
const MAX_STRIDE = 256

/** Keeps a synchronous source from starving timers and I/O: counts items and looks at the clock now and then. */
export class Slice {
  /** Items to go until the next look at the clock. The source counts it down itself, inline. */
  left = 0
  #stride = 1
  #start = 0
  #last = 0
  #asked = false

  /** Called when `left` has run out: whether it is time to hand control back with {@link hop}. */
  expired(): boolean {
    const now = performance.now()
    if (this.#start === 0) {
      this.#start = now
      this.#last = now
      this.left = this.#stride
      return false
    }
    // Slow items bring the looks closer together, so that the hold is kept to within an item or so.
    const perItem = (now - this.#last) / this.#stride
    this.#stride = Math.max(1, Math.min(MAX_STRIDE, this.#stride * 2, Math.floor(1 / perItem)))
    this.left = this.#stride
    this.#last = now
    return now - this.#start >= HOLD
  }

  /**
   * Asked by who may have waited since the first look, when the time is up: whether that is so as far as is known. A turn
   * of the event loop is asked for, which begins anew; the source has its time again until it comes.
   */
  waited(): boolean {
    if (this.#asked) return false
    this.#asked = true
    this.#start = this.#last
    this.hop(() => {
      this.#asked = false
    })
    return true
  }

  /** Runs `task` in a later turn of the event loop. */
  hop(task: () => void): void {
    macrotask(() => {
      this.#start = 0
      this.#stride = 1
      this.left = 0
      task()
    })
  }
}

declare const setImmediate: undefined | ((task: () => void) => void)

/** A turn of the event loop, as soon as the platform can: `setTimeout` is clamped to 4 ms when nested. */
function macrotask(task: () => void): void {
  if (typeof setImmediate === 'function') {
    setImmediate(task)
    return
  }
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    task()
  }
  port2.postMessage(undefined)
}
