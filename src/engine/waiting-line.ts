/** An item that waits for room, and who is told what came of it: one of the two, once. */
export interface Waiter<I> {
  readonly item: I
  readonly weight: number
  readonly taken: () => void
  readonly refused: (reason: unknown) => void
  /** Its wait is over. */
  left?(): void
}

/** Those who wait, in the order in which they are let in: a Set, where that is the order in which they came. */
export interface Waiters<I> extends Iterable<Waiter<I>> {
  readonly size: number
  add(waiter: Waiter<I>): unknown
  delete(waiter: Waiter<I>): unknown
}

/** Items that wait for room in an inbox, in their order. */
export class WaitingLine<I> {
  readonly #waiters: Waiters<I>
  /** Weight of all items that wait. */
  weight = 0

  constructor(waiters: Waiters<I> = new Set()) {
    this.#waiters = waiters
  }

  get empty(): boolean {
    return this.#waiters.size === 0
  }

  add(waiter: Waiter<I>): void {
    this.#waiters.add(waiter)
    this.weight += waiter.weight
  }

  leave(waiter: Waiter<I>): void {
    this.#waiters.delete(waiter)
    this.weight -= waiter.weight
    waiter.left?.()
  }

  /** Lets items in from the front, for as long as `take` has room for them. */
  admit(take: (item: I, weight: number) => boolean): void {
    for (const waiter of this.#waiters) {
      if (!take(waiter.item, waiter.weight)) break
      this.leave(waiter)
      waiter.taken()
    }
  }

  /** Sends everybody away. */
  refuse(reason: unknown): void {
    for (const waiter of this.#waiters) {
      this.leave(waiter)
      waiter.refused(reason)
    }
  }
}
