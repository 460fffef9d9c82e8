import type { IntakeOptions } from '../../engine/refusals.ts'
import { type OfferOptions, WaitingRoom } from '../../engine/waiting-room.ts'
import { QueueFullError, QueueTimeoutError, type SpillError } from '../../errors.ts'
import { type Deferred, deferred } from '../../internal/deferred.ts'
import { noop } from '../../internal/noop.ts'
import { type Frame, sizeOf } from './record.ts'
import type { SpillAccount } from './spill-account.ts'
import type { SpillLog } from './spill-log.ts'
import type { SpillPlan } from './spill-plan.ts'
import { storeError } from './store-error.ts'

/** An item on its way into the store; one of the two is called, once. */
interface Arrival<I> {
  readonly item: I
  readonly frame: Frame
  readonly taken: () => void
  readonly refused: (error: unknown) => void
}

/** What the port behind a writer does. */
interface WriterHooks {
  /** How many of the items taken from the log, from the first one, are finished with. */
  finished(): number
  /** Items have come into the log, or could not; with the error where only word of what is finished with was refused. */
  written(unheard: SpillError | undefined): void
  /** A user's callback threw. */
  broken(error: unknown): void
  /** Why nothing may come in any more, once that is so. */
  shut(): { readonly reason: unknown } | undefined
}

/**
 * Brings items into the log, all that have come while the store was busy in one change of it, and takes word of what
 * is finished with along. At most `memory` items are on their way; others wait.
 */
export class SpillWriter<I> {
  readonly #plan: SpillPlan<I>
  readonly #options: IntakeOptions<I>
  readonly #log: SpillLog
  readonly #account: SpillAccount
  readonly #hooks: WriterHooks
  readonly #waiting = new WaitingRoom<Arrival<I>>()
  /** What goes into the store next, and what is on its way there. */
  #next: Arrival<I>[] = []
  #group: readonly Arrival<I>[] = []
  /** Bytes of both. */
  bytes = 0
  /** The log is open. */
  ready = false
  busy = false
  #scheduled = false
  #room: Deferred<void> | undefined

  constructor(
    plan: SpillPlan<I>,
    options: IntakeOptions<I>,
    log: SpillLog,
    account: SpillAccount,
    hooks: WriterHooks,
  ) {
    this.#plan = plan
    this.#options = options
    this.#log = log
    this.#account = account
    this.#hooks = hooks
  }

  /** Items on their way. */
  get items(): number {
    return this.#next.length + this.#group.length
  }

  /** Nobody waits, and nothing is on its way. */
  get empty(): boolean {
    return this.#waiting.empty && this.items === 0
  }

  /** How many more items may be on their way; none while they wait for room in the store; below 0 while some wait. */
  get desiredSize(): number {
    const { maxBytes, memory, whenFull } = this.#plan
    const full = whenFull === 'wait' && this.#account.weight >= maxBytes
    return (full ? 0 : memory - this.items) - this.#waiting.weight
  }

  /** Settles when there is room. */
  get room(): Promise<void> {
    this.#room ??= deferred()
    return this.#room.promise
  }

  /** An item comes. Without `limits` it comes now or not at all. */
  enter(
    item: I,
    taken: () => void,
    refused: (error: unknown) => void,
    limits: OfferOptions | undefined,
  ): 'taken' | 'refused' | 'wait' {
    let frame: Frame
    try {
      frame = this.#plan.encode(item)
    } catch (error) {
      this.#account.received++
      this.#account.rejected++
      refused(error)
      return 'refused'
    }
    // The user's function may have ended the stage.
    const shut = this.#hooks.shut()
    if (shut) {
      refused(shut.reason)
      return 'refused'
    }
    const arrival = { item, frame, taken, refused }
    const { maxBytes, whenFull } = this.#plan
    if (whenFull === 'reject' && this.#account.weight + sizeOf(frame) > maxBytes) {
      this.#account.received++
      this.#account.rejected++
      this.#refuse(arrival, new QueueFullError(this.#details(item)))
      return 'refused'
    }
    if (this.#waiting.empty && this.#fits(frame)) {
      this.#admit(arrival)
      return 'taken'
    }
    if (limits) this.#wait(arrival, limits)
    return 'wait'
  }

  /** An item too big for the store goes in alone: it could never go in otherwise. */
  #fits(frame: Frame): boolean {
    if (this.items >= this.#plan.memory) return false
    return this.#account.weight + sizeOf(frame) <= this.#plan.maxBytes || this.#account.count === 0
  }

  #admit(arrival: Arrival<I>): void {
    this.#account.received++
    this.#next.push(arrival)
    this.bytes += sizeOf(arrival.frame)
    this.touch()
  }

  #wait(arrival: Arrival<I>, { timeout, signal }: OfferOptions): void {
    const { item, refused } = arrival
    const expired = (): void => {
      this.#account.received++
      this.#account.timedOut++
      this.#refuse(arrival, new QueueTimeoutError(this.#details(item), timeout as number))
      this.admit()
    }
    const gaveUp = (): void => {
      refused(signal?.reason)
      this.admit()
    }
    this.#waiting.enter(arrival, 1, { timeout, signal, taken: noop, refused, gaveUp, expired })
  }

  #details(item: I): { stage: string; capacity: number; item: I } {
    return { stage: this.#options.name, capacity: this.#plan.maxBytes, item }
  }

  #refuse({ item, refused }: Arrival<I>, error: QueueFullError | QueueTimeoutError | SpillError): void {
    try {
      if (!this.#account.left) this.#options.onReject?.(item, error)
    } catch (thrown) {
      this.#hooks.broken(thrown)
    }
    refused(error)
  }

  /** Lets waiting items in, in their order, while they fit. */
  admit(): void {
    this.#waiting.admit(arrival => {
      const fits = this.#fits(arrival.frame)
      if (fits) this.#admit(arrival)
      return fits
    })
    if (this.#next.length > 0) this.touch()
    if (this.#room && this.desiredSize > 0) {
      this.#room.resolve()
      this.#room = undefined
    }
  }

  /** Who waits is let go of; what was let in still goes into the store. */
  sendAway(reason: unknown): void {
    this.#waiting.refuse(reason)
    this.#room?.resolve()
    this.#room = undefined
  }

  /** Nothing more goes into the store; what is on its way there now arrives or not. */
  drop(reason: unknown): void {
    const next = this.#next
    this.#next = []
    this.sendAway(reason)
    for (const { frame, refused } of next) {
      this.bytes -= sizeOf(frame)
      refused(reason)
    }
  }

  /** Tells the store soon: together with what comes until then. */
  touch(): void {
    if (this.#scheduled || this.busy) return
    this.#scheduled = true
    queueMicrotask(() => this.commit())
  }

  /** Tells the store now, if there is anything to tell and it is not at work. */
  commit(): void {
    this.#scheduled = false
    if (this.busy || !this.ready) return
    const group = this.#portion()
    const finished = this.#hooks.finished()
    if (group.length === 0 && !this.#log.behind(finished)) return
    this.busy = true
    this.#group = group
    const arrived = (): void => {
      this.busy = false
      this.#group = []
      for (const { frame } of group) this.bytes -= sizeOf(frame)
    }
    this.#log
      .write(
        group.map(({ frame }) => frame),
        finished,
        arrived,
      )
      .then(
        () => {
          for (const { taken } of group) taken()
          this.#hooks.written(undefined)
        },
        error => {
          arrived()
          this.#fail(group, error)
        },
      )
  }

  /** What came before the log was open may be more than it has room for. */
  #portion(): readonly Arrival<I>[] {
    const next = this.#next
    const { maxBytes } = this.#plan
    let left = maxBytes - this.#log.bytes
    let count = 0
    while (count < next.length) {
      left -= sizeOf((next[count] as Arrival<I>).frame)
      if (left < 0 && (count > 0 || this.#log.length > 0)) break
      count++
    }
    this.#next = next.slice(count)
    return next.slice(0, count)
  }

  #fail(group: readonly Arrival<I>[], cause: unknown): void {
    const items = group.length === 1 ? 'an item' : `${group.length} items`
    const what = group.length === 0 ? 'word of what is finished with' : items
    const error = storeError(this.#options.name, `did not take ${what}`, cause)
    this.#account.refuse(group.length)
    for (const arrival of group) this.#refuse(arrival, error)
    this.#hooks.written(group.length === 0 ? error : undefined)
  }
}
