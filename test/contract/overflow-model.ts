import type { OverflowMode } from 'sluice'

export interface Item {
  readonly id: number
  readonly weight: number
  readonly priority: number
}

/** One run's circumstances. */
export interface Setup {
  /** Who brings the items: a writer, code that pushes into a channel, a flow that is fused, a native pipe. */
  readonly front: 'writer' | 'channel' | 'fused' | 'native'
  readonly mode: Exclude<OverflowMode, 'spill'>
  readonly capacity: number
  readonly weighed: boolean
  /** Milliseconds of the `timeout` mode. */
  readonly timeout: number
  /** The operator works on one item until it is told to finish. */
  readonly slow: boolean
  /** There is an `onReject`. */
  readonly routed: boolean
  /** Nobody reads until the first read. */
  readonly late: boolean
  /** Somebody listens to the pressure, with these two marks. */
  readonly marks?: { readonly high: number; readonly low: number } | undefined
  /** The items have priorities; absent: first come, first served. */
  readonly priority?: { readonly ageing: number; readonly evict: boolean }
}

interface Waiter {
  readonly item: Item
  readonly ticket: number
  readonly deadline: number
  readonly limit: number | undefined
}

/** What became of a promise, as text that compares. */
export const PENDING = 'pending'

/**
 * Contract 6, said with arrays: what a stage with a strategy answers to its writers and readers, when all that can
 * move has moved. Time is a number.
 */
export class OverflowModel {
  now = 0
  queue: Item[] = []
  waiting: Waiter[] = []
  working: Item | undefined
  /** Items the source has and nobody has pulled. */
  source: Item[] = []
  sourceEnds = false
  sourceFailed = false
  sourceCancelled: string | undefined
  /** Answers to writes and reads, in the order in which they were asked. */
  writes: string[] = []
  reads: string[] = []
  closing: string | undefined
  log: string[] = []
  /** No more input: what a later write gets. */
  shut: string | undefined
  /** How the readable side ends once all is through, or has ended. */
  ending: string | undefined
  over = false
  received = 0
  done = 0
  failed = 0
  dropped = 0
  rejected = 0
  timedOut = 0
  discarded = 0
  readonly setup: Setup
  private readonly arrivedAt = new Map<Item, number>()

  constructor(setup: Setup) {
    this.setup = setup
  }

  get weight(): number {
    return this.queue.reduce((sum, item) => sum + this.weigh(item), 0)
  }

  get desiredSize(): number {
    return this.waiting.reduce((room, { item }) => room - this.weigh(item), this.setup.capacity - this.weight)
  }

  get patient(): boolean {
    return this.setup.mode === 'block' || this.setup.mode === 'timeout'
  }

  get piped(): boolean {
    return this.setup.front === 'fused' || this.setup.front === 'native'
  }

  weigh(item: Item): number {
    return this.setup.weighed ? item.weight : 1
  }

  fits(item: Item): boolean {
    if (this.weight + this.weigh(item) <= this.setup.capacity) return true
    return this.setup.mode === 'block' && this.queue.length === 0
  }

  /** What an item's priority has become by now, in milliseconds of waiting. */
  private urgency(item: Item): number {
    const { priority } = this.setup
    if (!priority) return 0
    if (priority.ageing === Infinity) return item.priority
    return item.priority * priority.ageing + (this.now - (this.arrivedAt.get(item) as number))
  }

  private goesBefore(a: Item, b: Item): boolean {
    const lead = this.urgency(a) - this.urgency(b)
    return lead > 0 || (lead === 0 && a.id < b.id)
  }

  private first(items: readonly Item[]): Item | undefined {
    return [...items].sort((a, b) => (this.goesBefore(a, b) ? -1 : 1))[0]
  }

  /** Who may have to leave for an item, in this order. */
  private leavers(item: Item): Item[] {
    const { mode, priority } = this.setup
    if (!priority?.evict) return mode === 'dropOldest' ? this.queue.toSorted((a, b) => a.id - b.id) : []
    return this.queue
      .filter(
        other =>
          other.priority < item.priority || (mode === 'dropOldest' && other.priority === item.priority),
      )
      .toSorted((a, b) => a.priority - b.priority || (mode === 'dropOldest' ? a.id - b.id : b.id - a.id))
  }

  /** Lets others leave for an item if that makes room for it. */
  private makeRoom(item: Item): boolean {
    const leavers = this.leavers(item)
    const free =
      this.setup.capacity - this.weight + leavers.reduce((sum, other) => sum + this.weigh(other), 0)
    if (this.weigh(item) > free) return this.fits(item)
    while (!this.fits(item)) {
      const leaver = leavers.shift() as Item
      this.queue = this.queue.filter(other => other !== leaver)
      if (this.setup.mode.startsWith('drop')) this.drop(leaver)
      else {
        this.rejected++
        // Its writer has been told already that it was taken.
        this.log.push(`reject ${leaver.id} ${this.refusal('full', leaver)}`)
      }
    }
    return true
  }

  /** Somebody who takes an item at once. */
  get hungry(): boolean {
    return !this.working && !this.over && this.reads.includes(PENDING)
  }

  write(item: Item, limit?: number): number {
    const ticket = this.writes.push(PENDING) - 1
    if (this.shut !== undefined) this.writes[ticket] = this.shut
    else this.arrive(item, ticket, limit ?? (this.setup.mode === 'timeout' ? this.setup.timeout : undefined))
    this.move()
    return ticket
  }

  trySend(item: Item): boolean {
    if (this.shut !== undefined) return false
    this.arrivedAt.set(item, this.now)
    if (this.patient && (this.mustQueue(item) || !this.fits(item))) return false
    const ticket = this.writes.push(PENDING) - 1
    this.arrive(item, ticket, undefined)
    this.move()
    return this.writes.pop() === 'true'
  }

  produce(item: Item): void {
    this.source.push(item)
    this.move()
  }

  read(): void {
    this.reads.push(this.over ? (this.ending as string) : PENDING)
    this.move()
  }

  /** The operator has finished with its item. */
  finish(): void {
    const item = this.working
    if (!item) return
    this.working = undefined
    this.deliver(item)
    this.move()
  }

  /** The operator's function failed. */
  fail(error: string): void {
    if (!this.working) return
    this.working = undefined
    this.failed++
    this.stop(`error ${error}`, `error ${error}`, error)
  }

  tick(): void {
    this.now++
    for (const waiter of [...this.waiting]) {
      if (waiter.deadline > this.now || !this.waiting.includes(waiter)) continue
      this.waiting = this.waiting.filter(other => other !== waiter)
      this.received++
      if (this.setup.priority?.evict && this.makeRoom(waiter.item)) {
        this.queue.push(waiter.item)
        this.writes[waiter.ticket] = 'true'
        this.move()
        continue
      }
      this.timedOut++
      const error = this.refusal('timeout', waiter.item, waiter.limit)
      this.refuse(waiter.item, waiter.ticket, error)
      this.move()
    }
  }

  abandon(ticket: number, reason: string): void {
    this.waiting = this.waiting.filter(waiter => waiter.ticket !== ticket)
    this.writes[ticket] = `error ${reason}`
    this.move()
  }

  close(): void {
    if (this.piped) this.sourceEnds = true
    else {
      this.closing = PENDING
      this.shut = 'error TypeError'
      this.ending = 'done'
    }
    this.move()
  }

  /** Of a writer: at once. Of a source that fails: behind the items before it. */
  abort(reason: string): void {
    if (this.over) return
    if (!this.piped) this.stop(`error ${reason}`, `error ${reason}`, reason)
    else if (this.ending === undefined) {
      this.source = []
      this.sourceFailed = true
      this.ending = `error ${reason}`
      this.move()
    }
  }

  cancel(reason: string): void {
    if (!this.over) this.stop('done', `error ${reason}`, reason)
  }

  private arrive(item: Item, ticket: number, limit: number | undefined): void {
    const { mode } = this.setup
    this.arrivedAt.set(item, this.now)
    const wait = (): void => {
      this.waiting.push({ item, ticket, limit, deadline: this.now + (limit ?? Infinity) })
    }
    if (this.patient && this.mustQueue(item)) {
      wait()
      return
    }
    if (this.patient ? this.fits(item) : this.makeRoom(item)) {
      this.received++
      this.queue.push(item)
      this.writes[ticket] = 'true'
    } else if (this.patient) wait()
    else {
      this.received++
      if (mode === 'reject') {
        this.rejected++
        this.refuse(item, ticket, this.refusal('full', item))
      } else {
        this.drop(item)
        this.writes[ticket] = 'false'
      }
    }
  }

  /** Somebody who waits goes before it. */
  private mustQueue(item: Item): boolean {
    return this.waiting.some(waiter => this.goesBefore(waiter.item, item))
  }

  private drop(item: Item): void {
    this.dropped++
    this.log.push(`drop ${item.id} ${this.setup.mode}`)
  }

  private refusal(kind: 'full' | 'timeout', { id }: Item, limit?: number): string {
    const code = kind === 'full' ? 'ERR_QUEUE_FULL' : 'ERR_QUEUE_TIMEOUT'
    return `${code} item ${id} capacity ${this.setup.capacity} stage inbox${kind === 'full' ? '' : ` after ${limit}`}`
  }

  private refuse(item: Item, ticket: number, error: string): void {
    if (this.setup.routed) this.log.push(`reject ${item.id} ${error}`)
    if (!this.piped) this.writes[ticket] = `error ${error}`
    else if (!this.setup.routed && this.shut === undefined) {
      this.shut = this.ending = `error ${error}`
      this.cancelSource(error)
    }
  }

  private cancelSource(reason: string): void {
    const sourceOver = this.sourceFailed || (this.sourceEnds && this.source.length === 0)
    if (this.piped && !sourceOver) this.sourceCancelled ??= reason
    this.source = []
  }

  /** All that can move moves: waiting items in, queued ones out, more from the source, the ending last. */
  private move(): void {
    for (;;) {
      const head = this.first(this.queue)
      const foremost = this.first(this.waiting.map(({ item }) => item))
      const next = this.waiting.find(({ item }) => item === foremost)
      const able = next && (this.setup.mode === 'block' || this.weigh(next.item) <= this.setup.capacity)
      if (head && this.hungry && able && this.goesBefore(next.item, head)) {
        this.letIn(next)
        this.take(next.item)
      } else if (head && this.hungry) this.take(head)
      else if (next && this.fits(next.item)) this.letIn(next)
      else if (this.source.length > 0 && this.pulls) {
        this.arrive(
          this.source.shift() as Item,
          -1,
          this.setup.mode === 'timeout' ? this.setup.timeout : undefined,
        )
      } else break
    }
    if (this.sourceEnds && this.source.length === 0) this.ending ??= 'done'
    if (this.ending === undefined || this.over || this.queue.length + this.waiting.length > 0 || this.working)
      return
    this.finishReads(this.ending)
    if (this.closing === PENDING) this.closing = 'done'
  }

  private letIn(waiter: Waiter): void {
    this.waiting = this.waiting.filter(other => other !== waiter)
    this.received++
    this.queue.push(waiter.item)
    this.writes[waiter.ticket] = 'true'
  }

  private take(item: Item): void {
    this.queue = this.queue.filter(other => other !== item)
    if (this.setup.slow) this.working = item
    else this.deliver(item)
  }

  /** A pipe goes on: a native one while its last chunk is in, a fused one while the inbox has room. */
  private get pulls(): boolean {
    if (this.ending !== undefined || this.waiting.length > 0) return false
    return !this.patient || this.setup.front === 'native' || this.weight < this.setup.capacity
  }

  private deliver(item: Item): void {
    this.done++
    this.reads[this.reads.indexOf(PENDING)] = `item ${item.id}`
  }

  private finishReads(answer: string): void {
    this.over = true
    this.ending = answer
    this.reads = this.reads.map(read => (read === PENDING ? answer : read))
  }

  /** At once: everything inside is let go. */
  private stop(reads: string, writes: string, reason: string): void {
    this.discarded += this.queue.length + (this.working ? 1 : 0)
    for (const { ticket } of this.waiting) this.writes[ticket] = writes
    this.queue = []
    this.waiting = []
    this.working = undefined
    this.shut = writes
    if (this.closing === PENDING) this.closing = writes
    this.cancelSource(reason)
    this.finishReads(reads)
  }
}
