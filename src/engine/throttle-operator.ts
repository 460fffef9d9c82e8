import { type Ending, Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import { Stamp } from './stamp.ts'
import type { Wait } from './wait.ts'

/** Where an item asks whether it may pass. */
export interface Passage {
  tryEnter(n: number): boolean
  /** How long one would have to wait at the least, in milliseconds. */
  readonly delay: number
  /** Calls `go` once it may; gives a function that gives up. */
  enter(n: number, go: () => void): () => void
}

/** What becomes of an item that may not pass now. */
export interface Refusal<I> {
  readonly mode: 'wait' | 'drop' | 'reject'
  /** Told of an item that is left out or refused, with the passage that refused it. If it throws, the stage fails. */
  readonly told: (item: I, passage: Passage) => void
}

/** Lets items pass as a passage allows: the others wait, one at a time, or are refused. */
export class ThrottleOperator<I> extends Operator<I, I> {
  readonly #passageOf: (item: I) => Passage
  readonly #refusal: Refusal<I>
  dropped = 0
  rejected = 0
  #giveUp: (() => void) | undefined
  #wanted = false
  /** Nobody has taken a refusal, which has ended it. */
  #refused = false
  #ending: Ending | undefined
  /** Where the item waits that is held back. */
  #passage: Passage | undefined
  stamp: Stamp | undefined

  constructor(down: Downstream<I>, passageOf: (item: I) => Passage, refusal: Refusal<I>) {
    super(down)
    this.#passageOf = passageOf
    this.#refusal = refusal
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    let passage: Passage
    try {
      passage = this.#passageOf(item)
      if (passage.tryEnter(1)) return this.#give(item)
    } catch (error) {
      this.failed++
      return this.raise(error)
    }
    if (this.#refusal.mode !== 'wait') return this.#refuse(item, passage)
    // It may be its turn at once, when somebody who waited before it has just given up.
    let passed = false
    const giveUp = passage.enter(1, () => {
      passed = true
      this.#giveUp = undefined
      this.#give(item)
      if (this.over) return
      if (this.#ending) this.settle(this.#ending)
      else if (this.#wanted) this.up.resume()
      else this.up.idle()
    })
    if (!passed) {
      this.#giveUp = giveUp
      this.#passage = passage
      this.stamp ??= new Stamp()
      this.stamp.mark()
    }
    return false
  }

  override waitsOn(): Wait | undefined {
    if (!this.#giveUp) return
    const until = performance.now() + (this.#passage as Passage).delay
    return { on: 'timer', detail: 'its rate limit', since: this.stamp?.at, until }
  }

  override resume(): void {
    this.#wanted = true
    if (!this.#giveUp && !this.over) this.up.resume()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  protected override discard(): void {
    this.#giveUp?.()
    this.#giveUp = undefined
  }

  override get broken(): boolean {
    return super.broken || this.#refused
  }

  override get inside(): number {
    return super.inside - this.dropped - this.rejected
  }

  #refuse(item: I, passage: Passage): boolean {
    const { mode, told } = this.#refusal
    if (mode === 'drop') this.dropped++
    else this.rejected++
    try {
      told(item, passage)
    } catch (error) {
      this.#refused = true
      return this.raise(error)
    }
    return !this.over
  }

  #give(item: I): boolean {
    this.done++
    this.emitted++
    this.#wanted = false
    if (this.down.next(item)) this.#wanted = true
    return this.#wanted && !this.over
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#ending = ending
    if (!this.#giveUp) this.settle(ending)
  }
}
