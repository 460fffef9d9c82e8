import { isThenable } from '../internal/is-thenable.ts'
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
  readonly #next: (item: T) => boolean
  readonly #slice = new Slice()
  #busy = false
  #again = false
  #over = false
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
    if (this.#busy) this.#again = true
    else this.#loop()
  }

  idle(): void {}

  cancel(): undefined {
    this.#over = true
    this.#items = []
  }

  #loop = (): void => {
    this.#busy = true
    while (!this.#over) {
      if (this.#slice.left <= 0 && this.#slice.expired()) {
        this.#slice.hop(this.#loop)
        return
      }
      if (this.#at >= this.#items.length && !this.#more()) return
      const outcome = this.#stretch()
      if (outcome === 'waiting') return
      if (outcome === 'paused') break
    }
    this.#busy = false
  }

  /** The next array; without one, the end. */
  #more(): boolean {
    const more = this.#refill?.() ?? []
    this.#at = 0
    this.#items = more
    if (more.length > 0) return true
    this.#down.end()
    return false
  }

  /** Gives items until the next look at the clock, with all that the loop touches in local variables. */
  #stretch(): 'paused' | 'waiting' | 'on' {
    const next = this.#next
    const items = this.#items
    const from = this.#at
    const stop = Math.min(items.length, from + this.#slice.left)
    let at = from
    let outcome: 'paused' | 'waiting' | 'on' = 'on'
    while (at < stop) {
      const item = items[at++] as T | PromiseLike<T>
      // Numbers first: they are the quickest to tell.
      if (
        typeof item !== 'number' &&
        (typeof item === 'object' || typeof item === 'function') &&
        this.#await(item as T)
      ) {
        outcome = 'waiting'
        break
      }
      this.#again = false
      if (!next(item as T) && !this.#again) {
        outcome = 'paused'
        break
      }
      if (this.#over) break
    }
    this.#at = at
    this.#slice.left -= at - from
    return outcome
  }

  /** Whether the item is a promise, which is given when it settles. */
  #await(item: T | PromiseLike<T>): boolean {
    try {
      if (!isThenable(item)) return false
      this.stamp ??= new Stamp()
      this.stamp.mark()
      Promise.resolve(item).then(this.#given, this.#fail)
    } catch (error) {
      this.#fail(error)
    }
    return true
  }

  #given = (item: T): void => {
    ;(this.stamp as Stamp).at = 0
    if (this.#over) return
    this.#again = false
    if (this.#next(item) || this.#again) this.#loop()
    else this.#busy = false
  }

  #fail = (error: unknown): void => {
    if (this.#over) return
    this.#over = true
    this.#items = []
    this.#down.fail(error)
  }
}
