/** An item that waits for room, and who is told what came of it: one of the two, once. */
export interface Waiter<I> {
  readonly item: I
  readonly weight: number
  readonly taken: () => void
  readonly refused: (reason: unknown) => void
  /** Its wait is over. */
  left?(): void
  before?: Link<I>
  behind?: Link<I>
}

/** Those who wait, in the order in which they are let in. */
export interface Waiters<I> {
  /** Who is let in next. */
  peek(): Waiter<I> | undefined
  add(waiter: Waiter<I>): void
  delete(waiter: Waiter<I>): void
}

type Link<I> = Pick<Waiter<I>, 'before' | 'behind'>

/** In the order in which they came. Linked: in a Set, each look at the first walks over those who have left before it. */
class Row<I> implements Waiters<I>, Link<I> {
  /** The last, and the first; itself where nobody waits. */
  before: Link<I> = this
  behind: Link<I> = this

  peek(): Waiter<I> | undefined {
    return this.behind === this ? undefined : (this.behind as Waiter<I>)
  }

  add(waiter: Waiter<I>): void {
    waiter.before = this.before
    waiter.behind = this
    this.before = this.before.behind = waiter
  }

  delete(waiter: Waiter<I>): void {
    const { before, behind } = waiter as Required<Link<I>>
    before.behind = behind
    behind.before = before
    // One who has left and grown old would keep all behind it from the young collector.
    waiter.behind = this
  }
}

/** Items that wait for room in an inbox, in their order. */
export class WaitingLine<I> {
  readonly #waiters: Waiters<I>
  /** Weight of all items that wait. */
  weight = 0
  #count = 0

  constructor(waiters: Waiters<I> = new Row()) {
    this.#waiters = waiters
  }

  get empty(): boolean {
    return this.#count === 0
  }

  add(waiter: Waiter<I>): void {
    this.#count++
    this.#waiters.add(waiter)
    this.weight += waiter.weight
  }

  leave(waiter: Waiter<I>): void {
    this.#count--
    this.#waiters.delete(waiter)
    this.weight -= waiter.weight
    waiter.left?.()
  }

  /** Lets items in from the front, for as long as `take` has room for them. */
  admit(take: (item: I, weight: number) => boolean): void {
    for (let first = this.#waiters.peek(); first; first = this.#waiters.peek()) {
      if (!take(first.item, first.weight)) break
      this.leave(first)
      first.taken()
    }
  }

  /** Sends everybody away. */
  refuse(reason: unknown): void {
    for (let first = this.#waiters.peek(); first; first = this.#waiters.peek()) {
      this.leave(first)
      first.refused(reason)
    }
  }
}
