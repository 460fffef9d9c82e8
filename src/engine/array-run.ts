import { isThenable } from '../internal/is-thenable.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { Slice } from './slice.ts'

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

  constructor(items: readonly (T | PromiseLike<T>)[], refill: (() => readonly T[]) | undefined, down: Downstream<T>) {
    this.#items = items
    this.#refill = refill
    this.#down = down
    this.#next = down.next
  }

  resume(): void {
    if (this.#busy) this.#again = true
    else if (!this.#over) this.#loop()
  }

  idle(): void {}

  cancel(): undefined {
    this.#over = true
    this.#items = []
  }

  #loop = (): void => {
    this.#busy = true
    const next = this.#next
    while (!this.#over) {
      if (--this.#slice.left <= 0 && this.#slice.expired()) {
        this.#slice.hop(this.#loop)
        return
      }
      if (this.#at >= this.#items.length) {
        const more = this.#refill?.()
        if (!more || more.length === 0) {
          this.#over = true
          this.#items = []
          this.#down.end()
          return
        }
        this.#items = more
        this.#at = 0
      }
      const item = this.#items[this.#at++] as T | PromiseLike<T>
      try {
        if (isThenable(item)) {
          Promise.resolve(item).then(this.#given, this.#fail)
          return
        }
      } catch (error) {
        this.#fail(error)
        return
      }
      this.#again = false
      if (!next(item) && !this.#again) break
    }
    this.#busy = false
  }

  #given = (item: T): void => {
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
