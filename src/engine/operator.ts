import { noop } from '../internal/noop.ts'
import type { Next } from './feed.ts'
import { type Downstream, NOWHERE, type Upstream } from './protocol.ts'
import type { Step } from './step.ts'
import type { Tally } from './tally.ts'
import type { Wait } from './wait.ts'

/** What a port needs of the operator behind it. */
export interface Entry<I> extends Downstream<I> {
  readonly inside: number
  /** A user's function has an item in hand, and `idle()` will be called when it has finished with it. */
  readonly working: boolean
  /** An item's failure has ended it. */
  readonly broken: boolean
  readonly over: boolean
  /** Whether it still wants the item that it has asked for. */
  readonly welcome: boolean
  /** Items may be finished with in another order than that in which they came. */
  readonly unordered?: boolean
  /** It has failed by its own function: one item that is no longer inside is not done. */
  readonly faulted?: true
  onOver: () => void
}

/**
 * What happens to items between an upstream and a downstream, with its account: `entered = done + failed + inside`.
 * An operator says what it holds back; this class knows how it stops.
 */
export abstract class Operator<I, O> implements Entry<I>, Upstream {
  up: Upstream = NOWHERE
  /** Nothing comes in or goes out any more. */
  over = false
  // Only there once it has happened: a further field of every operator would cost chains that never fail.
  declare faulted?: true
  /** Why it is over, unless it has come to a good end: for an item whose function has ended it and is still at work. */
  declare reason?: unknown
  /** Called once when `over` becomes true. */
  onOver: () => void = noop
  entered = 0
  done = 0
  failed = 0
  /** Of the failed ones, those that were left out: the others have ended the chain. */
  leftOut = 0
  emitted = 0

  /** The source's clean-up, once this operator has caused it. */
  #cleanup: Promise<void> | undefined

  readonly down: Downstream<O>

  constructor(down: Downstream<O>) {
    this.down = down
  }

  abstract readonly next: Next<I>

  /** Items that came in and are neither done nor failed. */
  get inside(): number {
    return this.entered - this.done - this.failed
  }

  /** Its account; of a run of steps, one step's, or the last one's. */
  tally(_step?: Step): Tally {
    return this
  }

  get broken(): boolean {
    return this.failed > this.leftOut
  }

  get working(): boolean {
    return false
  }

  /** What it waits for apart from its neighbours, for `explain`. */
  waitsOn?(): Wait | undefined

  get welcome(): boolean {
    return true
  }

  /** Lets go of what is inside: buffers, timers, signals of items at work. */
  protected discard(_reason: unknown): void {}

  abstract resume(): void

  idle(): void {}

  abstract end(): void

  abstract fail(error: unknown): void

  abort(reason: unknown): void {
    if (this.over) return
    this.over = true
    this.reason = reason
    this.discard(reason)
    this.onOver()
    this.down.abort(reason)
  }

  cancel(reason: unknown): Promise<void> | undefined {
    // Who asks after the end is told of the clean-up that the end has caused, if it has.
    if (this.over) return this.#cleanup ?? this.up.cancel(reason)
    this.over = true
    this.reason = reason
    this.discard(reason)
    this.#cleanup = this.up.cancel(reason)
    this.onOver()
    return this.#cleanup
  }

  /** This operator's own failure: backward as a cancel and forward as an error, with the very same reason. */
  protected raise(error: unknown): false {
    if (this.over) return false
    this.over = this.faulted = true
    this.reason = error
    this.discard(error)
    this.#cleanup = this.up.cancel(error)
    this.#cleanup?.catch(noop)
    this.onOver()
    this.down.fail(error)
    return false
  }

  /** Enough was taken: closes the source and ends what lies behind. */
  protected finish(): false {
    if (this.over) return false
    this.over = true
    this.discard(undefined)
    this.#cleanup = this.up.cancel(undefined)
    this.#cleanup?.catch(noop)
    this.onOver()
    this.down.end()
    return false
  }

  /** The input's ending has come through. */
  protected settle(ending: Ending): void {
    if (this.over) return
    this.over = true
    this.onOver()
    deliver(this.down, ending)
  }
}

/** An ending that waits for the items before it. */
export type Ending = { readonly failed: false } | { readonly failed: true; readonly error: unknown }

/** Delivers an ending in band. */
export function deliver(down: Pick<Downstream<never>, 'end' | 'fail'>, ending: Ending): void {
  if (ending.failed) down.fail(ending.error)
  else down.end()
}
