import { noop } from '../internal/noop.ts'
import { compileSteps } from './compile-steps.ts'
import type { Next } from './feed.ts'
import { type Ending, Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import { Stamp } from './stamp.ts'
import { FAILED, isSpecial, LAST, PASS, SKIP, STOP, type Step } from './step.ts'
import type { Tally } from './tally.ts'
import type { Wait } from './wait.ts'

/** The stream between two fused steps: it carries no items, but it is told how things ended. */
export interface Edge {
  ended(): void
  failed(error: unknown): void
  cancelled(reason: unknown): void
}

/** One step's place in a run, with what cannot be derived from the run's one counter. */
class Seat {
  skipped = 0
  failed = 0
  readonly step: Step
  /** The stream between this step and the next one of the run. */
  readonly edge: Edge | undefined

  constructor(step: Step, edge: Edge | undefined) {
    this.step = step
    this.edge = edge
  }
}

/**
 * Neighbouring steps as one operator: each item goes through all of them before the next one is taken, with one
 * counter for all. A step that gives a promise holds the run until it settles.
 */
export class StepRun<I, O> extends Operator<I, O> {
  readonly #seats: Seat[]
  #next: Next<I> | undefined
  /** Step whose promise is awaited, or whose item was discarded while it was; else -1. */
  #waiting = -1
  #waitingItem: unknown
  /** Step whose own function ended the chain, so that its item was discarded there; else -1. */
  #lost = -1
  /** Step that said LAST for the item on its way; else -1. */
  last = -1
  #ending: Ending | undefined
  stamp: Stamp | undefined

  constructor(down: Downstream<O>, step: Step) {
    super(down)
    this.#seats = [new Seat(step, undefined)]
  }

  /** Compiled when the upstream first asks for it: until then steps can be put in front. */
  get next(): Next<I> {
    this.#next ??= compileSteps<I, O>(this, this.#seats)
    return this.#next
  }

  /** Puts a step in front, with the stream that lies between it and the run; false when it is too late for that. */
  prepend(step: Step, edge: Edge): boolean {
    if (this.#next) return false
    this.#seats.unshift(new Seat(step, edge))
    return true
  }

  override get inside(): number {
    return this.#waiting < 0 ? 0 : 1
  }

  override get working(): boolean {
    return this.#waiting >= 0
  }

  override tally(step?: Step): Tally {
    let entered = this.entered
    let tally: Tally = this
    for (const [at, seat] of this.#seats.entries()) {
      const inside = this.#waiting === at || this.#lost === at ? 1 : 0
      const done = entered - inside - seat.failed
      const emitted = done - seat.skipped
      tally = { entered, done, failed: seat.failed, emitted }
      if (seat.step === step) break
      entered = emitted
    }
    return tally
  }

  override waitsOn(): Wait | undefined {
    return this.#seats[this.#waiting]?.step.waitsOn?.()
  }

  override resume(): void {
    if (this.#waiting >= 0 || this.over) return
    const empty = this.#seats.findIndex(seat => seat.step.empty)
    if (empty >= 0) this.#finishAt(empty)
    else this.up.resume()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  override abort(reason: unknown): void {
    this.#tellEdges(0, 'failed', reason)
    super.abort(reason)
  }

  override cancel(reason: unknown): Promise<void> | undefined {
    this.#tellEdges(this.#seats.length, 'cancelled', reason)
    return super.cancel(reason)
  }

  protected override discard(reason: unknown): void {
    this.#waitingItem = undefined
    if (this.#waiting >= 0) this.#seats[this.#waiting]?.step.scope?.abort(reason)
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    if (this.#waiting >= 0) {
      this.#ending = ending
      return
    }
    if (ending.failed) this.#tellEdges(0, 'failed', ending.error)
    else this.#tellEdges(0, 'ended')
    this.settle(ending)
  }

  /** Streams before step `at` are cancelled; those behind it end as said. */
  #tellEdges(at: number, kind: 'ended' | 'failed' | 'cancelled', reason?: unknown): void {
    if (this.over) return
    for (const [i, { edge }] of this.#seats.entries()) {
      if (i < at) edge?.cancelled(reason)
      else edge?.[kind](reason)
    }
  }

  /** A step threw, or its promise rejected. */
  fault(at: number, error: unknown): false {
    if (this.over) {
      this.#lost = at
      return false
    }
    this.#waiting = -1
    ;(this.#seats[at] as Seat).failed++
    if (at === 0) this.failed++
    this.#tellEdges(at, 'failed', error)
    return this.raise(error)
  }

  /** A step gave something other than an item to hand on. */
  special(at: number, item: unknown, result: unknown): boolean {
    const seat = this.#seats[at] as Seat
    switch (result) {
      case FAILED:
        seat.failed++
        if (at === 0) this.failed = ++this.leftOut
        return this.last < 0 || this.#finishAt(this.last)
      case SKIP:
        seat.skipped++
        return this.last < 0 || this.#finishAt(this.last)
      case PASS:
        return this.#proceed(at + 1, item)
      case LAST:
        this.last = at
        return this.#proceed(at + 1, item)
      case STOP:
        seat.skipped++
        return this.#finishAt(at)
      default:
        return this.#wait(at, item, result as PromiseLike<unknown>)
    }
  }

  #proceed(from: number, item: unknown): boolean {
    const seats = this.#seats
    let value = item
    for (let at = from; at < seats.length; at++) {
      let result: unknown
      try {
        result = (seats[at] as Seat).step.apply(value as never)
        if (isSpecial(result)) return this.special(at, value, result)
      } catch (error) {
        return this.fault(at, error)
      }
      value = result
    }
    const more = this.down.next(value as O)
    return this.last < 0 ? more : this.#finishAt(this.last)
  }

  #finishAt(at: number): false {
    if (this.over) return false
    for (const [i, { edge }] of this.#seats.entries()) {
      if (i < at) edge?.cancelled(undefined)
      else edge?.ended()
    }
    return this.finish()
  }

  #wait(at: number, item: unknown, promise: PromiseLike<unknown>): false {
    if (this.over) {
      this.#lost = at
      Promise.resolve(promise).catch(noop)
      // Its function has ended the chain: it is told as all others are.
      this.#seats[at]?.step.scope?.abort(this.reason)
      return false
    }
    this.#waiting = at
    this.#waitingItem = item
    this.stamp ??= new Stamp()
    this.stamp.mark()
    Promise.resolve(promise).then(this.#settled, this.#rejected)
    return false
  }

  #settled = (result: unknown): void => {
    if (this.over) {
      this.up.idle()
      return
    }
    const at = this.#waiting
    const item = this.#waitingItem
    this.#waiting = -1
    this.#waitingItem = undefined
    const answer = typeof result === 'symbol' && isSpecial(result)
    const more = answer ? this.special(at, item, result) : this.#proceed(at + 1, result)
    if (this.over || this.inside > 0) return
    if (this.#ending) this.#endWith(this.#ending)
    else if (more) this.up.resume()
    else this.up.idle()
  }

  #rejected = (error: unknown): void => {
    if (this.over) this.up.idle()
    else this.fault(this.#waiting, error)
  }
}
