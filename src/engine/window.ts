import { deliver, type Ending } from './operator.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'

/** What a window tells the operator that fills it. */
export interface WindowOwner<I> {
  /** Its reader wants an item. */
  asked(window: Window<I>): void
  /** Its reader wants nothing more. */
  left(window: Window<I>, reason: unknown): Promise<void> | undefined
}

/** The items of one window, as its reader asks for them. Holds one at the most, which nobody has asked for yet. */
export class Window<I> implements Producer<I>, Upstream {
  /** Items that came for it, those included that its reader no longer wanted. */
  count = 0
  /** The outer flow has been given it. */
  shown = false
  wanted = false
  /** Its reader wants nothing more: what still comes for it is left out. */
  cancelled = false
  /** No further item comes for it; its reader learns of that behind the item held. */
  ending: Ending | undefined
  holds = false
  #held: I | undefined
  #giving = false
  #told = false
  #down: Downstream<I> | undefined
  readonly #owner: WindowOwner<I>

  constructor(owner: WindowOwner<I>) {
    this.#owner = owner
  }

  /** Its reader waits for an item that is not there. */
  get hungry(): boolean {
    return this.wanted && !this.holds && !this.ending && !this.#giving
  }

  /** Nothing more is to come of it. */
  get over(): boolean {
    return this.ending !== undefined && !this.holds
  }

  hold(item: I): void {
    this.#held = item
    this.holds = true
  }

  /** Takes back the item held. */
  release(): I {
    const item = this.#held as I
    this.#held = undefined
    this.holds = false
    return item
  }

  /** Hands its reader an item that it wants. */
  give(item: I): void {
    this.wanted = false
    this.#giving = true
    if ((this.#down as Downstream<I>).next(item)) this.wanted = true
    this.#giving = false
    this.#conclude()
  }

  close(ending: Ending): void {
    this.ending ??= ending
    this.#conclude()
  }

  /** Ends it at once, without the item held. */
  abort(reason: unknown): void {
    if (this.cancelled || this.over) return
    if (this.holds) this.release()
    this.ending = { failed: true, error: reason }
    if (!this.#down) return
    this.#told = true
    this.#down.abort(reason)
  }

  connect(down: Downstream<I>): Upstream {
    this.#down = down
    // It may have failed before anybody came. Whoever connects gets hold of this first.
    if (this.ending) queueMicrotask(() => this.#conclude())
    return this
  }

  resume(): void {
    if (this.cancelled) return
    this.wanted = true
    if (!this.#giving) this.#owner.asked(this)
  }

  idle(): void {}

  cancel(reason: unknown): Promise<void> | undefined {
    if (this.cancelled) return
    this.cancelled = true
    return this.#owner.left(this, reason)
  }

  #conclude(): void {
    if (!this.over || !this.#down || this.#giving || this.#told || this.cancelled) return
    this.#told = true
    deliver(this.#down, this.ending as Ending)
  }
}
