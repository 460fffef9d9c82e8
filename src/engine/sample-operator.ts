import { Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'

/** Hands a part of the items on while it is under pressure, and all of them else. */
export class SampleOperator<I> extends Operator<I, I> {
  dropped = 0
  readonly #keeps: () => boolean
  readonly #pressed: () => boolean
  readonly #told: (item: I) => void
  /** How it was when the item that comes next was asked for. */
  #thins = false

  /** `pressed` is asked once before each item, when it is asked for: what waits then is still in the inbox. */
  constructor(down: Downstream<I>, keeps: () => boolean, pressed: () => boolean, told: (item: I) => void) {
    super(down)
    this.#keeps = keeps
    this.#pressed = pressed
    this.#told = told
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    try {
      if (this.#thins && !this.#keeps()) return this.#drop(item)
    } catch (error) {
      this.failed++
      return this.raise(error)
    }
    this.done++
    this.emitted++
    const more = this.down.next(item)
    if (more) this.#thins = this.#pressed()
    return more
  }

  override get inside(): number {
    return super.inside - this.dropped
  }

  override resume(): void {
    if (this.over) return
    this.#thins = this.#pressed()
    this.up.resume()
  }

  override end(): void {
    this.settle({ failed: false })
  }

  override fail(error: unknown): void {
    this.settle({ failed: true, error })
  }

  #drop(item: I): boolean {
    this.dropped++
    try {
      this.#told(item)
    } catch (error) {
      return this.raise(error)
    }
    this.#thins = this.#pressed()
    return !this.over
  }
}
