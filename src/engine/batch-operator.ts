import { Ring } from '../internal/ring.ts'
import type { Next, Tray } from './feed.ts'
import { type Ending, Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import type { Wait } from './wait.ts'

/** Collects items into arrays by number, weight and time. Holds the open batch and at most two closed ones. */
export class BatchOperator<I> extends Operator<I, I[]> implements Tray<I> {
  readonly #size: number
  /** Items of a batch at the most. */
  readonly #most: number
  readonly #maxWait: number | undefined
  readonly #weigh: ((item: I) => number) | undefined
  open: I[] = []
  /** The item that fills a batch goes through `next`. */
  full: number
  #weight = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When the timer will fire. */
  #dueAt = 0
  readonly #ready = new Ring<I[]>()
  #wanted = false
  #flushing = false
  #ending: Ending | undefined

  constructor(
    down: Downstream<I[]>,
    size: number,
    maxWait?: number,
    weigh?: (item: I) => number,
    maxItems = Infinity,
  ) {
    super(down)
    this.#size = size
    this.#most = weigh ? maxItems : Math.min(size, maxItems)
    this.#maxWait = maxWait
    this.#weigh = weigh
    this.full = this.#most - 1
    // Only where an item does nothing but lie there.
    if (maxWait === undefined && !weigh) this.next.tray = this
  }

  override readonly next: Next<I> = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    let weight = 1
    if (this.#weigh) {
      try {
        weight = this.#weigh(item)
        if (!(weight >= 0))
          throw new RangeError(`batch: weigh must give a number of 0 or more, received ${weight}`)
      } catch (error) {
        this.failed++
        return this.raise(error)
      }
      if (this.open.length > 0 && this.#weight + weight > this.#size) this.#seal()
    }
    this.open.push(item)
    this.#weight += weight
    if (this.open.length >= this.#most || this.#weight >= this.#size) this.#seal()
    else if (this.#maxWait !== undefined && this.open.length === 1) this.#arm(this.#maxWait)
    if (this.#ready.length > 0) this.#flush()
    return this.#wanted && !this.over
  }

  #arm(wait: number): void {
    this.#timer = setTimeout(this.#due, wait)
    this.#dueAt = performance.now() + wait
  }

  override waitsOn(): Wait | undefined {
    if (this.open.length === 0 || this.#ready.length > 0) return
    const detail = this.#weigh
      ? `weight ${this.#weight} of ${this.#size}`
      : `${this.open.length} of ${this.#most} items`
    return this.#maxWait === undefined
      ? { on: 'items', detail }
      : { on: 'timer', detail: `a batch, ${detail}`, until: this.#dueAt }
  }

  override resume(): void {
    this.#wanted = true
    this.#flush()
    if (this.#wanted && !this.over && !this.#flushing) this.up.resume()
  }

  override end(): void {
    if (this.over) return
    if (this.open.length > 0) this.#seal()
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    if (this.over) return
    clearTimeout(this.#timer)
    this.#endWith({ failed: true, error })
  }

  protected override discard(): void {
    clearTimeout(this.#timer)
    this.open = []
    this.full = 0
    this.#ready.clear()
  }

  #endWith(ending: Ending): void {
    this.#ending = ending
    this.#flush()
  }

  #due = (): void => {
    this.#seal()
    this.#flush()
  }

  #seal(): void {
    clearTimeout(this.#timer)
    this.#ready.push(this.open)
    this.open = []
    this.full = this.entered + this.#most - 1
    this.#weight = 0
  }

  #flush(): void {
    if (this.#flushing) return
    this.#flushing = true
    while (this.#wanted && this.#ready.length > 0) {
      const batch = this.#ready.shift()
      this.done += batch.length
      this.emitted++
      this.#wanted = false
      if (this.down.next(batch)) this.#wanted = true
      if (this.over) return
    }
    this.#flushing = false
    if (this.#ending && this.#ready.length === 0) {
      this.settle(this.#ending)
    } else if (this.#ready.length === 0 && this.open.length === 0) this.up.idle()
  }
}
