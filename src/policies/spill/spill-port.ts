import { deliver, type Ending, type Entry } from '../../engine/operator.ts'
import type { PushPort } from '../../engine/port.ts'
import { Pressure } from '../../engine/pressure.ts'
import type { Downstream, Producer, Upstream } from '../../engine/protocol.ts'
import type { IntakeOptions } from '../../engine/refusals.ts'
import { Slice } from '../../engine/slice.ts'
import type { OfferOptions } from '../../engine/waiting-room.ts'
import { type Deferred, deferred } from '../../internal/deferred.ts'
import { noop } from '../../internal/noop.ts'
import { isRefusal } from './is-refusal.ts'
import { SpillAccount } from './spill-account.ts'
import { StoreLock } from './spill-lock.ts'
import { SpillLog } from './spill-log.ts'
import type { SpillPlan } from './spill-plan.ts'
import { SpillProgress } from './spill-progress.ts'
import { SpillReader } from './spill-reader.ts'
import { SpillWriter } from './spill-writer.ts'
import { storeError } from './store-error.ts'

/**
 * The port of a stage with a `spill` strategy. An item goes into the store before anything else; then it is
 * acknowledged, and given to the operator when it is wanted, from memory or from the store. It leaves the store when
 * the operator has finished with it.
 */
export class SpillPort<I> implements PushPort<I>, Downstream<I> {
  onCancel: (reason: unknown) => void = noop
  onEnding: () => void = noop
  cancelled: { readonly reason: unknown } | undefined
  unanswered = false
  readonly inbox: SpillAccount
  readonly #options: IntakeOptions<I>
  readonly #lock: StoreLock
  readonly #log: SpillLog
  readonly #reader: SpillReader<I>
  readonly #writer: SpillWriter<I>
  readonly #progress: SpillProgress<I>
  #started = false
  /** Nothing more is taken from the store. */
  #closed = false
  #next: ((item: I) => boolean) | undefined
  #feed: Upstream | undefined
  #stalled = true
  #pressure: Pressure | undefined
  #wanted = false
  #busy = false
  readonly #slice = new Slice()
  #hopping = false
  #ending: Ending | undefined
  #endingGiven = false
  /** The input ended with a refusal: the first one. */
  #broken = false
  /** Settles once the operator has come to its end, and the store knows. */
  #end: Deferred<void> | undefined
  /** Nothing more is taken or given: settles when the store is not used any more. */
  #over: Deferred<void> | undefined

  constructor(plan: SpillPlan<I>, options: IntakeOptions<I>) {
    this.#options = options
    this.#lock = new StoreLock(plan.store, plan.prefix, options.name)
    const account = new SpillAccount(plan.maxBytes, () => ({
      items: this.#writer.items + this.#log.length,
      bytes: this.#writer.bytes + this.#log.bytes,
    }))
    this.inbox = account
    this.#log = new SpillLog(plan.store, plan.prefix, plan.memory, plan.sync, lost => {
      account.discarded += lost
    })
    this.#progress = new SpillProgress(this.#log, plan.memory)
    this.#reader = new SpillReader(plan, options.name, this.#log, account, {
      fall: error => this.#fall(error),
      filled: () => this.#pump(),
    })
    this.#writer = new SpillWriter(plan, options, this.#log, account, {
      finished: () => this.#progress.tell(),
      written: unheard => {
        this.#progress.heard(unheard)
        this.#advance()
      },
      broken: error => this.#break(error),
      shut: () => (this.open ? undefined : { reason: this.#closedReason() }),
    })
  }

  get open(): boolean {
    return !this.#ending && !this.cancelled
  }

  readonly waitsOn = () => (this.#wanted && !this.#closed ? this.#progress.wait : undefined)

  get desiredSize(): number {
    return this.#writer.desiredSize
  }

  get room(): Promise<void> | undefined {
    return this.open && this.desiredSize <= 0 ? this.#writer.room : undefined
  }

  attach(feed: Producer<I>): void {
    queueMicrotask(() => {
      this.#start()
      const up = feed.connect(this)
      if (this.open) {
        this.#feed = up
        this.#resumeFeed()
      } else up.cancel(this.#whyNot())?.catch(noop)
    })
  }

  readonly next = (item: I): boolean => {
    if (!this.open) return false
    this.#writer.enter(item, noop, this.#untold, {})
    this.#pressure?.look()
    const more = this.open && this.desiredSize > 0
    this.#stalled = !more
    return more
  }

  end(): void {
    this.#endWith({ failed: false })
  }

  fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  tryOffer(item: I): boolean {
    if (!this.open) return false
    this.#start()
    const refusals: unknown[] = []
    let answered = false
    const refused = (error: unknown): void => {
      if (answered) this.#untold(error)
      else refusals.push(error)
    }
    const fate = this.#writer.enter(item, noop, refused, undefined)
    answered = true
    this.#pressure?.look()
    // Here is somebody who can be told that the item cannot be encoded.
    for (const error of refusals) if (!isRefusal(error)) throw error
    return fate === 'taken'
  }

  offer(item: I, limits: OfferOptions = {}): Promise<boolean> {
    const { signal } = limits
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (!this.open) return Promise.reject(this.#closedReason())
    this.#start()
    return new Promise((resolve, reject) => this.#writer.enter(item, () => resolve(true), reject, limits))
  }

  /** A chunk of the platform's pipe, which asks for no more than that there be room for the next one. */
  write(item: I): Promise<void> | undefined {
    if (!this.open) return Promise.reject(this.#closedReason())
    this.#start()
    this.next(item)
    if (!this.open) return Promise.reject(this.#closedReason())
    const { room } = this
    if (!room) return
    this.unanswered = true
    return room.then(() => {
      this.unanswered = false
      if (this.cancelled || this.#ending?.failed) throw this.#whyNot()
    })
  }

  close(): Promise<void> {
    if (this.cancelled) return Promise.reject(this.cancelled.reason)
    this.#start()
    this.#end ??= deferred()
    this.onEnding()
    this.#endWith({ failed: false })
    this.#feed?.cancel(undefined)?.catch(noop)
    if (this.#progress.node?.over) this.#settle().then(this.#end.resolve, this.#end.reject)
    return this.#end.promise
  }

  abort(reason: unknown, prompt?: boolean): Promise<void> | undefined {
    if (this.cancelled || this.#progress.node?.over) return this.#over?.promise.catch(noop)
    if (prompt === undefined) this.#feed = undefined
    if (prompt === false) return void this.#endWith({ failed: true, error: reason })
    this.#ending = { failed: true, error: reason }
    this.#endingGiven = true
    this.#leave(reason)
    this.#end?.reject(reason)
    this.#feed?.cancel(reason)?.catch(noop)
    this.onEnding()
    this.#progress.node?.abort(reason)
    return this.#settle().catch(noop)
  }

  watch(high: number, low: number, tell: (isHigh: boolean) => void): () => void {
    this.#pressure ??= new Pressure(this.inbox, error => this.#break(error))
    queueMicrotask(() => this.#pressure?.look())
    return this.#pressure.watch(high, low, tell)
  }

  connect(node: Entry<I>): void {
    this.#progress.node = node
    this.#next = node.next
    node.onOver = () => this.#finish()
    const aborted = this.#endingGiven
    // Whoever connects the operator gets hold of it first.
    queueMicrotask(() => {
      if (aborted) node.abort(this.#whyNot())
      else {
        this.#start()
        this.#pump()
      }
    })
  }

  resume(): void {
    this.#wanted = true
    this.#pump()
  }

  idle(): void {
    this.#pump()
  }

  cancel(reason: unknown): Promise<void> | undefined {
    if (this.cancelled) return
    this.cancelled = { reason }
    this.#leave(reason)
    this.onCancel(reason)
    return Promise.all([this.#feed?.cancel(reason), this.#settle()]).then(noop)
  }

  /** The operator has come to its end. */
  #finish(): void {
    const settled = this.#settle()
    if (this.cancelled) this.#end?.reject(this.cancelled.reason)
    else if (this.#end) settled.then(this.#end.resolve, this.#end.reject)
    settled.catch(noop)
  }

  #start(): void {
    if (this.#started) return
    this.#started = true
    const found = (): void => {
      if (this.#over) return
      this.inbox.received += this.#log.length
      this.#writer.ready = true
    }
    this.#log.open(found, this.#lock.free).then(
      () => this.#advance(),
      cause => this.#fall(storeError(this.#options.name, 'could not be opened', cause)),
    )
  }

  /** Something has changed in the store. */
  #advance(): void {
    this.#writer.admit()
    this.#pump()
    if (!this.#progress.unheard) this.#writer.commit()
    if (this.#over && !this.#writer.busy) this.#release()
  }

  /** Gives what can be given, reads on, tells the store, asks the feed for more, gives the ending last. */
  #pump(): void {
    if (this.#busy || this.#hopping || this.#over) return
    while (this.#wanted && !this.#closed && this.#progress.mayGive) {
      if (--this.#slice.left <= 0 && this.#slice.expired()) {
        this.#hopping = true
        this.#slice.hop(() => {
          this.#hopping = false
          this.#pump()
        })
        return
      }
      if (!this.#giveNext()) break
    }
    if (this.#over) return
    if (this.#writer.ready && !this.#closed) this.#reader.fill()
    this.#writer.admit()
    this.#record()
    this.#pressure?.look()
    if (this.#ending) this.#giveEnding(this.#ending)
    else this.#resumeFeed()
  }

  /** Lets the store know what is finished with. After the end that waits for the last item. */
  #record(): void {
    const progress = this.#progress
    if (this.#endingGiven || !progress.untold) return
    if (progress.news) this.#writer.touch()
    else if (progress.mayGive) return
    else if (progress.mayTryAgain()) this.#writer.touch()
    else this.#fall(progress.unheard)
  }

  /** Gives the operator an item; false if none is at hand. */
  #giveNext(): boolean {
    this.#busy = true
    const found = this.#reader.read()
    if (found) {
      this.#wanted = false
      if ((this.#next as (item: I) => boolean)(this.#reader.item)) this.#wanted = true
    }
    this.#busy = false
    return found
  }

  #giveEnding(ending: Ending): void {
    if (this.#endingGiven || this.inbox.count > 0 || !this.#writer.empty) return
    if (!this.#closed && (!this.#writer.ready || this.#log.unread)) return
    const { node } = this.#progress
    // So that the ending shows even when nobody has read yet.
    if (!node) this.onEnding()
    // What is finished with is recorded first, so that the end of a chain is the end of the work on the store.
    if (!node || node.working || this.#writer.busy) return
    if (this.#progress.untold && this.#progress.mayTryAgain()) {
      this.#writer.touch()
      return
    }
    this.#endingGiven = true
    const { unheard } = this.#progress
    deliver(node, unheard ? { failed: true, error: unheard } : ending)
  }

  #resumeFeed(): void {
    if (!this.#feed || !this.#stalled || !this.open || this.desiredSize <= 0) return
    this.#stalled = false
    this.#feed.resume()
  }

  #endWith(ending: Ending): void {
    if (!this.open) return
    this.#start()
    this.#ending = ending
    this.#pump()
  }

  /** An item that came in a pipe, or by `trySend`, was refused later on. */
  readonly #untold = (error: unknown): void => {
    if (!this.#options.onReject || !isRefusal(error)) this.#break(error)
  }

  /** A refusal nobody took, or a callback that threw, ends the input; what is in the store is still worked on. */
  #break(error: unknown): void {
    if (this.cancelled || this.#endingGiven || this.#closed || this.#broken) return
    this.#broken = true
    this.onCancel(error)
    const feed = this.#feed
    this.#feed = undefined
    feed?.cancel(error)?.catch(noop)
    this.#writer.sendAway(error)
    // Even after the end of input: the refused item came before it.
    this.#ending = undefined
    this.#endWith({ failed: true, error })
  }

  /** The store cannot be used: what it has stays there, and the stage fails once the operator has worked on its items. */
  #fall(error: unknown): void {
    if (this.cancelled || this.#endingGiven || this.#closed) return
    this.onCancel(error)
    this.#feed?.cancel(error)?.catch(noop)
    this.#ending = { failed: true, error }
    this.#leave(error)
    // Not in the midst of what has found out.
    queueMicrotask(() => this.#pump())
  }

  /** Gives up what is inside; the store keeps what it has. */
  #leave(reason: unknown): void {
    this.#closed = true
    this.inbox.leave()
    this.#writer.drop(reason)
  }

  /** Nothing more is given: tells the store what is finished with, and lets go of it. */
  #settle(): Promise<void> {
    if (!this.#over) {
      this.#over = deferred()
      this.#lock.leave(this.#over.promise)
      this.#writer.commit()
      if (!this.#writer.busy) this.#release()
    }
    return this.#over.promise
  }

  #release(): void {
    if (this.#progress.unheard) this.#over?.reject(this.#progress.unheard)
    else this.#over?.resolve()
  }

  /** Why it is not open; undefined after a regular end. */
  #whyNot(): unknown {
    if (this.cancelled) return this.cancelled.reason
    return this.#ending?.failed ? this.#ending.error : undefined
  }

  #closedReason(): unknown {
    if (this.cancelled || this.#ending?.failed) return this.#whyNot()
    return new TypeError(`${this.#options.name}: the writable side is closed`)
  }
}
