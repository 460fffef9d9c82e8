import { isThenable } from '../internal/is-thenable.ts'
import { Feed, giveAll, type Next } from './feed.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { Slice } from './slice.ts'
import { Stamp } from './stamp.ts'

/** Items that lie in arrays: a given one, or one after the other as `refill` makes them. Promises are awaited. */
export class ArrayProducer<T> implements Producer<T> {
  readonly #items: readonly (T | PromiseLike<T>)[]
  readonly #refill: (() => readonly T[]) | undefined

  constructor(items: readonly (T | PromiseLike<T>)[], refill?: () => readonly T[]) {
    this.#items = items
    this.#refill = refill
  }

  connect(down: Downstream<T>): Upstream {
    return new ArrayRun(this.#items, this.#refill, down)
  }
}

class ArrayRun<T> implements Upstream {
  #items: readonly (T | PromiseLike<T>)[]
  #at = 0
  readonly #refill: (() => readonly T[]) | undefined
  readonly #down: Downstream<T>
  readonly #next: Next<T>
  readonly #feed: Feed = new Feed(item => this.#await(item as T))
  readonly #slice = new Slice()
  #busy = false
  /** A promise among the items is awaited. */
  #waiting = false
  stamp: Stamp | undefined

  constructor(
    items: readonly (T | PromiseLike<T>)[],
    refill: (() => readonly T[]) | undefined,
    down: Downstream<T>,
  ) {
    this.#items = items
    this.#refill = refill
    this.#down = down
    this.#next = down.next
  }

  resume(): void {
    if (this.#busy) this.#feed.ask()
    else this.#loop()
  }

  idle(): void {}

  cancel(): undefined {
    this.#feed.over = true
    this.#items = []
  }

  #loop = (): void => {
    this.#busy = true
    try {
      while (!this.#feed.over) {
        if (this.#slice.left <= 0 && this.#slice.expired()) {
          this.#slice.hop(this.#loop)
          return
        }
        if ((this.#at >= this.#items.length && !this.#more()) || !this.#stretch()) break
      }
    } catch (error) {
      // The array has a getter, or is a proxy.
      this.#fail(error)
    }
    this.#busy = this.#waiting
  }

  /** The next array; without one, the end. */
  #more(): boolean {
    this.#at = 0
    this.#items = this.#refill?.() ?? []
    if (this.#items.length > 0) return true
    this.#feed.over = true
    this.#down.end()
    return false
  }

  /** Gives items until the next look at the clock; whether to go on. */
  #stretch(): boolean {
    const next = this.#next
    const feed = this.#feed
    const items = this.#items as readonly T[]
    const from = this.#at
    const to = Math.min(items.length, from + this.#slice.left)
    const end = next.takeAll ? next.takeAll(feed, items, from, to) : giveAll(next, feed, items, from, to)
    this.#at = end < 0 ? ~end : end
    this.#slice.left -= this.#at - from
    return end >= 0
  }

  /** Whether the item is a promise, which is given when it settles. */
  #await(item: T | PromiseLike<T>): boolean {
    if (!isThenable(item)) return false
    this.#waiting = true
    this.stamp ??= new Stamp()
    this.stamp.mark()
    Promise.resolve(item).then(this.#given, this.#fail)
    return true
  }

  #given = (item: T): void => {
    this.#waiting = false
    ;(this.stamp as Stamp).at = 0
    if (this.#feed.over) return
    this.#feed.given++
    if (this.#next(item) || this.#feed.asked === this.#feed.given) this.#loop()
    else this.#busy = false
  }

  #fail = (error: unknown): void => {
    if (this.#feed.over) return
    this.#feed.over = true
    this.#items = []
    this.#down.fail(error)
  }
}
