import { Ring } from '../internal/ring.ts'
import type { QueueStrategy } from '../strategy.ts'

/** What became of an arriving item: it is in, it was discarded, it was refused, or it has to wait for room. */
export type Verdict = 'taken' | 'dropped' | 'refused' | 'wait'

/**
 * A bounded queue of items, as plain data: no promise, no timer, no stream. What does not fit waits. The law:
 * `received = count + taken out + discarded`.
 */
export class BlockInbox<T> {
  readonly #strategy: QueueStrategy<T>
  readonly #items = new Ring<T>()
  readonly #weights: Ring<number> | undefined
  /** Weight of all items held; their number where the strategy has no `size`. */
  weight = 0
  received = 0
  discarded = 0

  constructor(strategy: QueueStrategy<T>) {
    this.#strategy = strategy
    this.#weights = strategy.size && new Ring()
  }

  get mode(): QueueStrategy['mode'] {
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
    if (weight >= 0 && weight < Infinity) return weight
    throw new RangeError(`${this.mode}: size must give a finite number of 0 or more, received ${weight}`)
  }

  /** Whether an item of this weight can come in now. A blocked writer's too heavy item goes in alone. */
  fits(weight: number): boolean {
    return this.weight + weight <= this.capacity || this.count === 0
  }

  /** An item arrives; `evict` is called with each item that has to leave for it. */
  offer(item: T, weight: number, _evict?: (item: T) => void): Verdict {
    if (!this.fits(weight)) return 'wait'
    this.admit(item, weight)
    return 'taken'
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
