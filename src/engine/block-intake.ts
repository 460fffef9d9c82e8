import { type Deferred, deferred } from '../internal/deferred.ts'
import { noop } from '../internal/noop.ts'
import type { QueueStrategy } from '../strategy.ts'
import { BlockInbox, type Verdict } from './block-inbox.ts'
import { deliver, type Ending, type Entry } from './operator.ts'
import type { QueuePort } from './port.ts'
import { Pressure } from './pressure.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { WaitingLine } from './waiting-line.ts'
import type { OfferOptions } from './waiting-room.ts'

/** What a callback threw, or a refusal. */
export interface Thrown {
  readonly error: unknown
}

/**
 * The port of a stage with a strategy of the platform: the inbox, and those who wait for room in it. While the operator
 * asks and the inbox is empty, an item goes straight through. A flow piped in is pulled ahead up to the capacity.
 */
export class BlockIntake<I> implements QueuePort<I>, Downstream<I> {
  onCancel: (reason: unknown) => void = noop
  onEnding: () => void = noop
  readonly inbox: BlockInbox<I>
  protected readonly waiting: WaitingLine<I>
  readonly #name: string
  /** All items weigh the same. */
  readonly #uniform: boolean
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
  protected weight = 0
  #room: Deferred<void> | undefined
  #pressure: Pressure | undefined
  /** Settles once the operator has come to its end. */
  #end: Deferred<void> | undefined

  constructor(
    strategy: QueueStrategy<I>,
    name: string,
    inbox: BlockInbox<I> = new BlockInbox(strategy),
    waiting: WaitingLine<I> = new WaitingLine(),
  ) {
    this.inbox = inbox
    this.waiting = waiting
    this.#name = name
    this.#uniform = strategy.size === undefined
  }

  /** Neither ended nor cancelled: items may come. */
  get open(): boolean {
    return !this.#ending && !this.cancelled
  }

  /** A full inbox makes nobody wait. */
  protected get lax(): boolean {
    return false
  }

  /** Tells of the inbox's use, as Pressure does; in a microtask where it is high already. If `tell` throws, all ends. */
  watch(high: number, low: number, tell: (isHigh: boolean) => void): () => void {
    this.#pressure ??= new Pressure(this.inbox, error => this.break(error))
    queueMicrotask(() => this.pump())
    return this.#pressure.watch(high, low, tell)
  }

  /** Capacity not in use; below 0 while writers wait. */
  get desiredSize(): number {
    return this.inbox.capacity - this.inbox.weight - this.waiting.weight
  }

  /** Settles when a writer that wants to wait for room may write; undefined: at once. */
  get room(): Promise<void> | undefined {
    if (!this.open || this.desiredSize > 0) return undefined
    this.#room ??= deferred()
    return this.#room.promise
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
    const answer = this.enter(item)
    if (typeof answer === 'object') this.unheard(answer.error)
    else if (answer === 'wait') this.wait(item, noop, error => this.unheard(error))
    const more = this.open && (this.lax || this.desiredSize > 0)
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

  /** Takes the item, or waits for room for it, and what else the strategy may say. The promise tells whether it is in. */
  offer(item: I, limits?: OfferOptions): Promise<boolean> {
    if (!this.open) return Promise.reject(this.#closedReason())
    const answer = this.enter(item)
    if (answer === 'wait') {
      return new Promise((resolve, reject) => this.wait(item, () => resolve(true), reject, limits))
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
        this.notWritten(error)
      },
    )
  }

  close(): Promise<void> {
    if (this.cancelled) return Promise.reject(this.cancelled.reason)
    this.#end ??= deferred()
    this.onEnding()
    this.end()
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
      this.fail(reason)
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
      else this.pump()
    })
  }

  #finished(): void {
    if (this.cancelled) this.#end?.reject(this.cancelled.reason)
    else this.#end?.resolve()
  }

  resume(): void {
    this.#wanted = true
    this.pump()
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

  /** An item arrives: what becomes of it, or the error of a callback. */
  protected enter(item: I): Verdict | Thrown {
    const { inbox } = this
    // While the operator wants an item and has none at work, nothing waits: what waited was given to it.
    const wanted = this.#wanted && !this.#busy
    if (wanted && this.#uniform) return this.#pass(item)
    try {
      const weight = inbox.weigh(item)
      this.weight = weight
      if (!this.waiting.empty && !inbox.overtakes?.()) return 'wait'
      if (wanted && inbox.fits(weight)) return this.#pass(item)
      const verdict = this.judge(item, weight)
      // One light item may have taken the place of a heavy one.
      if (this.#room && verdict === 'taken') this.#admit()
      this.discardIfOver()
      // One that waits has changed nothing yet, and is still to get its place.
      if (this.#pressure && verdict !== 'wait') this.pump()
      return verdict
    } catch (error) {
      this.break(error)
      return { error }
    }
  }

  /** What the inbox says to an item that nobody stands before. */
  protected judge(item: I, weight: number): Verdict {
    return this.inbox.offer(item, weight)
  }

  /** Lets the item that arrived last wait for room, until it is taken or refused. */
  protected wait(
    item: I,
    taken: () => void,
    refused: (error: unknown) => void,
    _limits?: OfferOptions,
  ): void {
    this.waiting.add({ item, weight: this.weight, taken, refused })
  }

  /** An item of a feed did not get in. */
  protected unheard(error: unknown): void {
    this.break(error)
  }

  /** A chunk of the platform's own pipe did not get in. */
  protected notWritten(error: unknown): void {
    // A pipe fails with its refusal, and the stage with its pipe; what is in the inbox is still worked on.
    this.fail(error)
    throw error
  }

  /** A callback may have ended the stage while an item was on its way in. */
  protected discardIfOver(): void {
    if (this.cancelled || this.#endingGiven) this.inbox.discard()
  }

  /** Gives an item straight to the operator, past the empty inbox. */
  #pass(item: I): 'taken' {
    this.inbox.received++
    this.#give(item)
    if (this.inbox.count > 0 || this.#ending || this.#feed) this.pump()
    return 'taken'
  }

  #give(item: I): void {
    this.#wanted = false
    this.#busy = true
    if ((this.#next as (item: I) => boolean)(item)) this.#wanted = true
    this.#busy = false
  }

  /** Moves what can be moved: waiting items in, items on to the operator, more from the feed, the ending last. */
  protected pump(): void {
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
      if (this.#endingGiven || this.inbox.count > 0 || !this.waiting.empty) return
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
    this.waiting.admit((item, weight) => {
      const fits = this.inbox.fits(weight)
      if (fits) this.inbox.admit(item, weight)
      return fits
    })
    if (this.desiredSize > 0) this.#makeRoom()
  }

  #makeRoom(): void {
    this.#room?.resolve()
    this.#room = undefined
  }

  #resumeFeed(): void {
    if (!this.#feed || !this.#stalled || !this.open || !this.waiting.empty) return
    if (this.inbox.full && !this.lax) return
    this.#stalled = false
    this.#feed.resume()
  }

  #endWith(ending: Ending): void {
    if (!this.open) return
    this.#ending = ending
    if (this.inbox.count === 0) this.onEnding()
    this.pump()
  }

  /** A refusal nobody took, or a callback that threw, ends the input; what is in the inbox is still worked on. */
  protected break(error: unknown): void {
    if (this.cancelled || this.#endingGiven) return
    this.onCancel(error)
    const feed = this.#feed
    this.#feed = undefined
    feed?.cancel(error)?.catch(noop)
    this.waiting.refuse(error)
    // Even after the end of input: the refused item came before it.
    this.#ending = undefined
    this.fail(error)
  }

  #drop(reason: unknown): void {
    this.inbox.discard()
    this.waiting.refuse(reason)
    this.#makeRoom()
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
