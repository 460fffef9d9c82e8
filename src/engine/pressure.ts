import type { Inbox } from './inbox.ts'

/**
 * Those who watch how much of an inbox is in use. They are called one after the other, never from within each other:
 * what one does to the inbox is told when it has returned, as whoever refills a queue on being told that it is low
 * would else hear of the two changes the wrong way round.
 */
export class Pressure {
  readonly #inbox: Pick<Inbox<unknown>, 'weight' | 'capacity'>
  /** Called with what a callback throws. */
  readonly #fault: (error: unknown) => void
  /** Each says whether its watcher had to be told. */
  readonly #steps = new Set<() => boolean>()
  #looking = false

  constructor(inbox: Pick<Inbox<unknown>, 'weight' | 'capacity'>, fault: (error: unknown) => void) {
    this.#inbox = inbox
    this.#fault = fault
  }

  /**
   * Calls `tell` at looks that find the use risen to `high`, then fallen to `low`, and so on in turns. Gives a function
   * that ends it.
   */
  watch(high: number, low: number, tell: (isHigh: boolean) => void): () => void {
    let isHigh = false
    const step = (): boolean => {
      // A quotient, as in `stats()`: `0.07 * 100` is more than 7.
      const used = this.#inbox.weight / this.#inbox.capacity
      if (isHigh ? used > low : used < high) return false
      isHigh = !isHigh
      try {
        tell(isHigh)
      } catch (error) {
        this.#fault(error)
      }
      return true
    }
    this.#steps.add(step)
    return () => {
      this.#steps.delete(step)
    }
  }

  look(): void {
    if (this.#looking) return
    this.#looking = true
    for (let told = true; told; ) {
      told = false
      for (const step of this.#steps) if (step()) told = true
    }
    this.#looking = false
  }
}
