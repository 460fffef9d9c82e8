import { Ring } from '../internal/ring.ts'
import type { Strategy } from '../strategy.ts'

/** What became of an arriving item: it is in, it was discarded, it was refused, or it has to wait for room. */
export type Verdict = 'taken' | 'dropped' | 'refused' | 'wait'

/**
 * A bounded queue with an answer to overload, as plain data: no promise, no timer, no stream. The law:
 * `received = count + taken out + dropped + rejected + timedOut + discarded`.
 */
export class Inbox<T> {
  readonly #strategy: Strategy<T>
  readonly #items = new Ring<T>()
  readonly #weights: Ring<number> | undefined
  /** Weight of all items held; their number where the strategy has no `size`. */
  weight = 0
  received = 0
  dropped = 0
  rejected = 0
  timedOut = 0
  discarded = 0

  constructor(strategy: Strategy<T>) {
    this.#strategy = strategy
    this.#weights = strategy.size && new Ring()
  }

  get mode(): Strategy['mode'] {
    return this.#strategy.mode
  }

  get capacity(): number {
    return this.#strategy.highWaterMark
  }

  /** Items held. */
  get count(): number {
    return this.#items.length
  }

  get full(): boolean {
    return this.weight >= this.capacity
  }

  /** Weight of an item. @throws what the strategy's `size` throws; RangeError unless it gives a number of 0 or more. */
  weigh(item: T): number {
    const { size } = this.#strategy
    if (!size) return 1
    const weight = Number(size(item))
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`${this.mode}: size must give a finite number of 0 or more, received ${weight}`)
    }
    return weight
  }

  /** Whether an item of this weight can come in now. A blocked writer's too heavy item goes in alone. */
  fits(weight: number): boolean {
    if (this.weight + weight <= this.capacity) return true
    return this.mode === 'block' && this.count === 0
  }

  /** An item arrives; `evict` is called with each item that has to leave for it. */
  offer(item: T, weight: number, evict: (item: T) => void): Verdict {
    if (!this.fits(weight)) {
      if (this.mode !== 'dropOldest' || weight > this.capacity) return this.turnAway()
      while (!this.fits(weight)) {
        this.dropped++
        evict(this.take())
      }
    }
    this.admit(item, weight)
    return 'taken'
  }

  /** What becomes of an arriving item for which nobody leaves. */
  protected turnAway(): Verdict {
    switch (this.mode) {
      case 'dropNewest':
      case 'dropOldest':
        this.received++
        this.dropped++
        return 'dropped'
      case 'reject':
        this.received++
        this.rejected++
        return 'refused'
      default:
        return 'wait'
    }
  }

  /** Whether the item that arrived last goes before all those that wait for room; absent: it does not. */
  overtakes?(): boolean

  /** Puts in an item that fits. */
  admit(item: T, weight: number): void {
    this.received++
    this.weight += weight
    this.#items.push(item)
    this.#weights?.push(weight)
  }

  /** The time of a waiting item is up: true if it is in after all, because others had to leave for it. */
  expire(_evict?: (item: T) => void): boolean {
    this.received++
    this.timedOut++
    return false
  }

  /** Takes out the item that has waited longest; there must be one. */
  take(): T {
    this.weight -= this.#weights ? this.#weights.shift() : 1
    return this.#items.shift()
  }

  /** Lets go of everything. */
  discard(): void {
    this.discarded += this.count
    this.weight = 0
    this.#items.clear()
    this.#weights?.clear()
  }
}
