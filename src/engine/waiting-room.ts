/** Limits of one `offer`, beside the strategy's own. */
export interface OfferOptions {
  /** Longest wait for room in milliseconds, whatever the strategy says. */
  readonly timeout?: number
  /** Gives up the wait, with its reason. */
  readonly signal?: AbortSignal
}

/** How long an item may wait, and who is told what came of it: one of the last four is called, once. */
export interface Wait {
  /** In milliseconds. */
  readonly timeout: number | undefined
  readonly signal: AbortSignal | undefined
  readonly taken: () => void
  readonly refused: (reason: unknown) => void
  /** The signal fired. */
  readonly gaveUp: () => void
  readonly expired: () => void
}

/** An item that waits for room, with its writer. */
export interface Waiter<I> {
  readonly item: I
  readonly weight: number
  readonly wait: Wait
  timer?: ReturnType<typeof setTimeout>
  onAbort?: () => void
}

/** Those who wait, in the order in which they are let in: a Set, where that is the order in which they came. */
export interface Waiters<I> extends Iterable<Waiter<I>> {
  readonly size: number
  add(waiter: Waiter<I>): unknown
  delete(waiter: Waiter<I>): unknown
}

/** Writers that wait for room in an inbox, each with its item, in their order. */
export class WaitingRoom<I> {
  readonly #waiters: Waiters<I>
  /** Weight of all items that wait. */
  weight = 0

  constructor(waiters: Waiters<I> = new Set()) {
    this.#waiters = waiters
  }

  get empty(): boolean {
    return this.#waiters.size === 0
  }

  enter(item: I, weight: number, wait: Wait): void {
    const { timeout, signal } = wait
    const waiter: Waiter<I> = { item, weight, wait }
    this.#waiters.add(waiter)
    this.weight += weight
    if (timeout !== undefined) {
      waiter.timer = setTimeout(() => {
        this.#leave(waiter)
        wait.expired()
      }, timeout)
    }
    if (signal) {
      waiter.onAbort = () => {
        this.#leave(waiter)
        wait.gaveUp()
      }
      signal.addEventListener('abort', waiter.onAbort)
    }
  }

  /** Lets items in from the front, for as long as `take` has room for them. */
  admit(take: (item: I, weight: number) => boolean): void {
    for (const waiter of this.#waiters) {
      if (!take(waiter.item, waiter.weight)) break
      this.#leave(waiter)
      waiter.wait.taken()
    }
  }

  /** Sends everybody away. */
  refuse(reason: unknown): void {
    for (const waiter of this.#waiters) {
      this.#leave(waiter)
      waiter.wait.refused(reason)
    }
  }

  /** Whoever has left is not called again: neither its timer nor its listener is left. */
  #leave(waiter: Waiter<I>): void {
    this.#waiters.delete(waiter)
    this.weight -= waiter.weight
    clearTimeout(waiter.timer)
    if (waiter.onAbort) waiter.wait.signal?.removeEventListener('abort', waiter.onAbort)
  }
}
