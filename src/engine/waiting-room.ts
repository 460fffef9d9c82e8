import { type Waiter, WaitingLine } from './waiting-line.ts'

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

/** A line in which an item may wait for so long, or until somebody gives up. */
export class WaitingRoom<I> extends WaitingLine<I> {
  enter(item: I, weight: number, { timeout, signal, taken, refused, gaveUp, expired }: Wait): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = (then: () => void) => () => {
      this.leave(waiter)
      then()
    }
    const onAbort = leave(gaveUp)
    const waiter: Waiter<I> = {
      item,
      weight,
      taken,
      refused,
      // Whoever has left is not called again: neither its timer nor its listener is left.
      left: () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      },
    }
    this.add(waiter)
    if (timeout !== undefined) timer = setTimeout(leave(expired), timeout)
    // It may have fired within the strategy's `size`, the item's priority or its codec.
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
  }
}
