import { QueueFullError, QueueTimeoutError } from '../errors.ts'
import { type Deferred, deferred } from '../internal/deferred.ts'
import { noop } from '../internal/noop.ts'
import type { Strategy } from '../strategy.ts'
import { Inbox, type Verdict } from './inbox.ts'
import type { Line } from './line.ts'
import { deliver, type Ending, type Entry } from './operator.ts'
import type { QueuePort } from './port.ts'
import { Pressure } from './pressure.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { type IntakeOptions, Refusals } from './refusals.ts'
import { type OfferOptions, WaitingRoom } from './waiting-room.ts'

/**
 * The port of a stage with a strategy: the inbox, with the promises and timers that its answers take. While the
 * operator asks and the inbox is empty, an item goes straight through. A flow piped in is pulled ahead up to the
 * capacity; in the lossy modes it is never made to wait.
 */
export class Intake<I> implements QueuePort<I>, Downstream<I> {
  onCancel: (reason: unknown) => void = noop
  onEnding: () => void = noop
  readonly inbox: Inbox<I>
  readonly #name: string
  readonly #refusals: Refusals<I>
  readonly #timeout: number | undefined
  /** All items weigh the same. */
  readonly #uniform: boolean
  readonly #waiting: WaitingRoom<I>
  #node: Entry<I> | undefined
  /** The operator's `next`; reading it costs more than calling it. */
  #next: ((item: I) => boolean) | undefined
  #feed: Upstream | undefined
  /** The feed was told to wait, or has not been asked yet. */
  #stalled = true
  #wanted = false
  #busy = false
  #ending: Ending | undefined
  #endingGiven = false
  cancelled: { readonly reason: unknown } | undefined
  unanswered = false
  /** Weight of the item that arrived last: `size` is asked once for each item. */
  #weight = 0
  #room: Deferred<void> | undefined
  #pressure: Pressure | undefined
  /** Settles once the operator has come to its end. */
  #end: Deferred<void> | undefined

  constructor(strategy: Strategy<I>, options: IntakeOptions<I>, line?: Line<I>) {
    this.inbox = line?.inbox ?? new Inbox(strategy)
    this.#waiting = line?.waiting ?? new WaitingRoom()
    this.#name = options.name
    this.#refusals = new Refusals(this.inbox, options)
    this.#timeout = strategy.timeout
    this.#uniform = strategy.size === undefined
  }

  /** Neither ended nor cancelled: items may come. */
  get open(): boolean {
    return !this.#ending && !this.cancelled
  }

  /** Tells of the inbox's use, as Pressure does; in a microtask where it is high already. If `tell` throws, all ends. */
  watch(high: number, low: number, tell: (isHigh: boolean) => void): () => void {
    this.#pressure ??= new Pressure(this.inbox, error => this.#break(error))
    queueMicrotask(() => this.#pump())
    return this.#pressure.watch(high, low, tell)
  }

  /** Capacity not in use; below 0 while writers wait. */
  get desiredSize(): number {
    return this.inbox.capacity - this.inbox.weight - this.#waiting.weight
  }

  /** Settles when a writer that wants to wait for room may write; undefined: at once. */
  get room(): Promise<void> | undefined {
    if (!this.open || this.desiredSize > 0 || this.#lossy) return undefined
    this.#room ??= deferred()
    return this.#room.promise
  }

  get #lossy(): boolean {
    return this.inbox.mode === 'dropNewest' || this.inbox.mode === 'dropOldest'
  }

  // From a flow piped in.

  attach(feed: Producer<I>): void {
    queueMicrotask(() => {
      const up = feed.connect(this)
      if (this.open) {
        this.#feed = up
        this.#resumeFeed()
      } else up.cancel(this.#whyNot())?.catch(noop)
    })
  }

  readonly next = (item: I): boolean => {
    if (!this.open) return false
    const answer = this.#enter(item)
    if (typeof answer === 'object') {
      if (!this.#refusals.taken(answer.error, QueueFullError)) this.#break(answer.error)
    } else if (answer === 'wait') {
      this.#await(item, this.#timeout, undefined, noop, error => {
        if (!this.#refusals.taken(error, QueueTimeoutError)) this.#break(error)
      })
    }
    const more = this.open && (this.inbox.mode === 'reject' || this.#lossy || this.desiredSize > 0)
    this.#stalled = !more
    return more
  }

  end(): void {
    this.#endWith({ failed: false })
  }

  fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  // From code that pushes.

  /** Takes the item or refuses it, at once; one that would have to wait has not arrived at all. */
  tryOffer(item: I): boolean {
    return this.open && this.#enter(item, true) === 'taken'
  }

  /** Takes the item, refuses it, or waits, as the strategy says. The promise tells whether it was taken. */
  offer(item: I, { timeout = this.#timeout, signal }: OfferOptions = {}): Promise<boolean> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (!this.open) return Promise.reject(this.#closedReason())
    const answer = this.#enter(item)
    if (answer === 'wait') {
      return new Promise((resolve, reject) => this.#await(item, timeout, signal, () => resolve(true), reject))
    }
    if (typeof answer === 'object') return Promise.reject(answer.error)
    return this.cancelled ? Promise.reject(this.cancelled.reason) : Promise.resolve(answer === 'taken')
  }

  write(item: I): Promise<void> {
    this.unanswered = true
    return this.offer(item).then(
      () => {
        this.unanswered = false
      },
      error => {
        this.unanswered = false
        const { taken } = this.#refusals
        if (!taken(error, QueueFullError) && !taken(error, QueueTimeoutError)) {
          // A pipe fails with its refusal, and the stage with its pipe; what is in the inbox is still worked on.
          this.#endWith({ failed: true, error })
          throw error
        }
      },
    )
  }

  close(): Promise<void> {
    if (this.cancelled) return Promise.reject(this.cancelled.reason)
    this.#end ??= deferred()
    this.onEnding()
    this.#endWith({ failed: false })
    // A flow that feeds a channel is of no more use once the channel's owner has closed it.
    this.#feed?.cancel(undefined)?.catch(noop)
    if (this.#node?.over) this.#finished()
    return this.#end.promise
  }

  /** Without `prompt`: the feed's own abort. */
  abort(reason: unknown, prompt?: boolean): undefined {
    if (this.cancelled || this.#node?.over) return
    if (prompt === undefined) this.#feed = undefined
    if (prompt === false) {
      this.#endWith({ failed: true, error: reason })
      return
    }
    this.#ending = { failed: true, error: reason }
    this.#endingGiven = true
    this.#drop(reason)
    this.#end?.reject(reason)
    this.#feed?.cancel(reason)?.catch(noop)
    this.onEnding()
    this.#node?.abort(reason)
    this.#look()
  }

  // Towards the operator.

  connect(node: Entry<I>): void {
    this.#node = node
    this.#next = node.next
    node.onOver = () => this.#finished()
    const ending = this.#ending
    if (!ending) return
    // Only an abort was over and done with before there was an operator.
    const aborted = this.#endingGiven && ending.failed
    // Whoever connects the operator gets hold of it first.
    queueMicrotask(() => {
      if (aborted) node.abort(ending.error)
      else this.#pump()
    })
  }

  #finished(): void {
    if (this.cancelled) this.#end?.reject(this.cancelled.reason)
    else this.#end?.resolve()
  }

  resume(): void {
    this.#wanted = true
    this.#pump()
  }

  idle(): void {}

  cancel(reason: unknown): Promise<void> | undefined {
    if (this.cancelled) return
    this.cancelled = { reason }
    this.#drop(reason)
    this.#look()
    this.onCancel(reason)
    return this.#feed?.cancel(reason)
  }

  /** An item arrives: what becomes of it, or the error of a callback or a refusal (not a `curt` one: it takes 4 µs). */
  #enter(item: I, curt?: boolean): Verdict | { readonly error: unknown } {
    const { inbox } = this
    // While the operator wants an item and has none at work, nothing waits: what waited was given to it.
    const wanted = this.#wanted && !this.#busy
    if (wanted && this.#uniform) return this.#pass(item)
    const weight = this.#weigh(item)
    if (typeof weight === 'object') return weight
    this.#weight = weight
    if (!this.#waiting.empty && !inbox.overtakes?.()) return 'wait'
    if (wanted && inbox.fits(weight)) return this.#pass(item)
    try {
      const verdict = inbox.offer(item, weight, this.#refusals.evict)
      // One light item may have taken the place of a heavy one.
      if (this.#room && verdict === 'taken') this.#admit()
      if (verdict === 'dropped') this.#refusals.drop(item)
      this.#discardIfOver()
      // One that waits has changed nothing yet, and is still to get its place.
      if (this.#pressure && verdict !== 'wait') this.#pump()
      // An error that nobody sees would take a hundred times as long as the refusal itself.
      if (verdict !== 'refused' || (curt && !this.#refusals.heard)) return verdict
      return { error: this.#refusals.refuse(item) }
    } catch (error) {
      this.#break(error)
      return { error }
    }
  }

  /** A callback may have ended the stage while an item was on its way in. */
  #discardIfOver(): void {
    if (this.cancelled || this.#endingGiven) this.inbox.discard()
  }

  /** An item's weight; a `size` that throws ends the input. */
  #weigh(item: I): number | { readonly error: unknown } {
    try {
      return this.inbox.weigh(item)
    } catch (error) {
      this.#break(error)
      return { error }
    }
  }

  /** Lets the item that arrived last wait for room, until it is taken or refused. */
  #await(
    item: I,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
    taken: () => void,
    refused: (error: unknown) => void,
  ): void {
    const { inbox } = this
    const expired = (): void => {
      try {
        if (inbox.expire(this.#refusals.evict)) {
          this.#discardIfOver()
          taken()
        } else this.#refusals.refuse(item, timeout, refused)
      } catch (error) {
        refused(error)
        this.#break(error)
      }
      this.#pump()
    }
    const gaveUp = (): void => {
      refused(signal?.reason)
      this.#pump()
    }
    this.#waiting.enter(item, this.#weight, { timeout, signal, taken, refused, gaveUp, expired })
  }

  /** Gives an item straight to the operator, past the empty inbox. */
  #pass(item: I): 'taken' {
    this.inbox.received++
    this.#give(item)
    if (this.inbox.count > 0 || this.#ending || this.#feed) this.#pump()
    return 'taken'
  }

  #give(item: I): void {
    this.#wanted = false
    this.#busy = true
    if ((this.#next as (item: I) => boolean)(item)) this.#wanted = true
    this.#busy = false
  }

  /** Moves what can be moved: waiting items in, items on to the operator, more from the feed, the ending last. */
  #pump(): void {
    this.#admit()
    this.#look()
    if (this.#busy) return
    if (!this.#node) {
      this.#resumeFeed()
      return
    }
    while (this.#wanted && this.inbox.count > 0) {
      const item = this.inbox.take()
      this.#admit()
      this.#give(item)
      this.#look()
    }
    if (this.#ending) {
      if (this.#endingGiven || this.inbox.count > 0 || !this.#waiting.empty) return
      this.#endingGiven = true
      deliver(this.#node, this.#ending)
    } else this.#resumeFeed()
  }

  /** Shows what the inbox holds. What callbacks cause meanwhile waits its turn, as from within the operator. */
  #look(): void {
    if (!this.#pressure) return
    const busy = this.#busy
    this.#busy = true
    this.#pressure.look()
    this.#busy = busy
  }

  /** Lets waiting items in, in their order, while they fit. */
  #admit(): void {
    this.#waiting.admit((item, weight) => {
      const fits = this.inbox.fits(weight)
      if (fits) this.inbox.admit(item, weight)
      return fits
    })
    if (this.#room && this.desiredSize > 0) {
      this.#room.resolve()
      this.#room = undefined
    }
  }

  #resumeFeed(): void {
    if (!this.#feed || !this.#stalled || !this.open || !this.#waiting.empty) return
    if (this.inbox.full && (this.inbox.mode === 'block' || this.inbox.mode === 'timeout')) return
    this.#stalled = false
    this.#feed.resume()
  }

  #endWith(ending: Ending): void {
    if (!this.open) return
    this.#ending = ending
    if (this.inbox.count === 0) this.onEnding()
    this.#pump()
  }

  /** A refusal nobody took, or a callback that threw, ends the input; what is in the inbox is still worked on. */
  #break(error: unknown): void {
    if (this.cancelled || this.#endingGiven) return
    this.onCancel(error)
    const feed = this.#feed
    this.#feed = undefined
    feed?.cancel(error)?.catch(noop)
    this.#waiting.refuse(error)
    // Even after the end of input: the refused item came before it.
    this.#ending = undefined
    this.#endWith({ failed: true, error })
  }

  #drop(reason: unknown): void {
    this.inbox.discard()
    this.#waiting.refuse(reason)
    this.#room?.resolve()
    this.#room = undefined
  }

  /** Why it is not open; undefined after a regular end. */
  #whyNot(): unknown {
    if (this.cancelled) return this.cancelled.reason
    return this.#ending?.failed ? this.#ending.error : undefined
  }

  #closedReason(): unknown {
    if (this.cancelled || this.#ending?.failed) return this.#whyNot()
    return new TypeError(`${this.#name}: the writable side is closed`)
  }
}
