import { noop } from '../internal/noop.ts'
import type { Batch, WorkerStats } from './executor.ts'
import type { Exit, Link, StartFailure, WorkerPlace } from './link.ts'
import type { Attach, FromWorker, OutMessage } from './messages.ts'
import { type Notes, now } from './progress.ts'
import { SeatJob } from './seat-job.ts'
import { decodeError } from './wire-error.ts'

/** What a seat needs to know. */
export interface SeatOptions {
  readonly attach: Attach
  /** Replace the worker after so many items. */
  readonly recycleAfter: number
  /** Replace the worker when it uses more bytes. */
  readonly maxMemory: number
  /** Stack of who made the stage, for errors. */
  readonly trail: string
}

/** How many times in a row a worker may die before it comes to an item, of itself or by somebody outside. */
const FAILED_STARTS = 3
const KILLED_STARTS = 50

/** One worker of an executor, and those that replace it: what it was given, and what becomes of that when it dies. */
export class Seat {
  readonly #place: WorkerPlace
  readonly #options: SeatOptions
  readonly #worker: number
  #state: WorkerStats['state'] = 'cold'
  #link: Link | undefined
  /** Batches not posted yet, in order. */
  readonly #waiting: SeatJob[] = []
  /** Batches at the worker, in order. */
  readonly #jobs = new Map<number, SeatJob>()
  #ids = 0
  /** Items posted to the present worker. */
  #posted = 0
  /** The present worker gets no more. */
  #replace = false
  /** The worker ends when it has finished. */
  #closing = false
  /** We have ended it: no item is to blame. */
  #killing = false
  /** The item of which a message said that it is at work. */
  #announced: Notes | undefined
  /** The item that took too long. */
  #late: number | undefined
  /** Items of which one keeps the worker from doing anything else. */
  #suspects: readonly number[] = []
  /** When each item whose promise is pending was first seen to be. */
  readonly #pendingSince = new Map<number, number>()
  /** An item that is late may still be at work. */
  #doubtful = false
  /** Since when such a worker has shown no sign of life. */
  #silentSince: number | undefined
  /** The present worker has finished something. */
  #useful = false
  #failedStarts = 0
  #killedStarts = 0
  /** Who waits for a start or an exit. */
  #watchers: (() => void)[] = []
  #dead: Promise<void> | undefined
  #endTimer: ReturnType<typeof setTimeout> | undefined
  #teardownError: { readonly error: unknown } | undefined
  readonly #totals = { items: 0, busy: 0, starts: 0, crashes: 0 }

  constructor(place: WorkerPlace, worker: number, options: SeatOptions) {
    this.#place = place
    this.#worker = worker
    this.#options = options
  }

  get stats(): WorkerStats {
    let inFlight = 0
    for (const job of [...this.#jobs.values(), ...this.#waiting]) inFlight += job.left
    return { worker: this.#worker, state: this.#state, inFlight, ...this.#totals }
  }

  run(batch: Batch): Promise<undefined> {
    return new Promise((resolve, reject) => {
      const job = new SeatJob(
        ++this.#ids,
        batch,
        () => this.#stop(job),
        () => resolve(undefined),
        reject,
      )
      this.#waiting.push(job)
      if (batch.signal.aborted) this.#stop(job)
      this.#pump()
    })
  }

  /** Ends an idle worker in peace. */
  retire(): void {
    if (this.#state === 'idle') this.#end()
  }

  /** Ends the worker in peace once it has finished, and for good. Rejects with what `teardown` threw. */
  async close(): Promise<void> {
    this.#closing = true
    while (this.#state !== 'cold' || this.#waiting.length > 0) {
      if (this.#state === 'idle') this.#end()
      await new Promise<void>(resolve => this.#watchers.push(resolve))
    }
    await this.#dead
    await this.#place.close()
    if (this.#teardownError) throw this.#teardownError.error
  }

  /** Looks for an item that has been at work for too long, and ends its worker. */
  watch(): void {
    if (this.#state !== 'busy' || this.#killing) return
    const notes = this.#notes()
    if (!notes) return
    const { current, since, pending } = notes
    if (current !== undefined || pending.length > 0) this.#silentSince = undefined
    if (current === undefined) {
      if (pending.length === 0) this.#watchSilence()
      this.#watchPending(pending)
    } else {
      this.#pendingSince.clear()
      const timeout = this.#timeoutOf(current)
      if (since === 0 || timeout === undefined || now() - since <= timeout) return
      this.#late = current
      this.#kill()
    }
  }

  /**
   * The worker itself ends the wait for a promise that takes too long, unless its event loop stands still: a function
   * that does not return after an `await`.
   */
  #watchPending(pending: readonly number[]): void {
    const seen = this.#pendingSince
    for (const serial of seen.keys()) if (!pending.includes(serial)) seen.delete(serial)
    let overdue = false
    for (const serial of pending) {
      const timeout = this.#timeoutOf(serial)
      if (timeout === undefined) continue
      const since = seen.get(serial)
      if (since === undefined) seen.set(serial, now())
      else if (now() - since > timeout + this.#patience(timeout)) overdue = true
    }
    if (!overdue) return
    const open = pending.filter(serial => this.#isOpen(serial))
    if (open.length === 1) this.#late = open[0]
    else this.#suspects = open
    this.#kill()
  }

  /** Of an item that is late nothing is noted any more: if it comes to hold the event loop, no further item begins. */
  #watchSilence(): void {
    if (!this.#doubtful) return
    this.#silentSince ??= now()
    if (now() - this.#silentSince > Math.max(50, this.#options.attach.grace)) this.#kill()
  }

  /** How much longer than an item may take the worker may be silent about it, in milliseconds. */
  #patience(timeout: number): number {
    return Math.max(50, Math.min(timeout, this.#options.attach.grace))
  }

  /** How long that item may take, if it is at the worker. */
  #timeoutOf(serial: number): number | undefined {
    for (const job of this.#jobs.values()) if (job.placeOf(serial) !== undefined) return job.batch.timeout
    return undefined
  }

  #isOpen(serial: number): boolean {
    for (const job of this.#jobs.values()) if (job.placeOf(serial) !== undefined) return true
    return false
  }

  #notes(): Notes | undefined {
    return this.#link?.notes() ?? this.#announced
  }

  /** Starts a worker where there is work, and posts what may be posted. */
  #pump(): void {
    if (this.#waiting.length === 0) return
    if (this.#state === 'cold') this.#start()
    if (this.#state !== 'idle' && this.#state !== 'busy') return
    while (this.#waiting.length > 0 && !this.#replace) this.#post(this.#waiting.shift() as SeatJob)
    if (this.#replace) this.#end()
  }

  #start(): void {
    this.#state = 'starting'
    this.#totals.starts++
    this.#posted = 0
    this.#replace = this.#killing = false
    this.#announced = this.#late = undefined
    this.#suspects = []
    this.#doubtful = this.#useful = false
    this.#silentSince = undefined
    this.#pendingSince.clear()
    let died: Exit | undefined
    const launched = this.#launch(how => {
      if (this.#state === 'starting') died = how
      else this.#exit(how)
    })
    launched.then(
      link => {
        this.#link = link
        this.#state = 'idle'
        if (died) {
          this.#exit(died)
          return
        }
        link.hold(false)
        this.#pump()
        this.#tell()
      },
      error => {
        this.#state = 'cold'
        this.#startFailed(error)
        this.#tell()
      },
    )
  }

  async #launch(exit: (how: Exit) => void): Promise<Link> {
    await this.#dead
    return this.#place.start(this.#options.attach, {
      message: message => this.#receive(message),
      exit,
    })
  }

  /** A module that cannot be loaded cannot be loaded again; a worker that died may have been killed by somebody. */
  #startFailed(error: Partial<Exit & StartFailure>): void {
    if (error.reason instanceof Error && error.killed !== undefined) {
      if (this.#mayStart(error.killed)) this.#pump()
      else this.#giveUp(this.#diedEarly(error.reason))
    } else if (error.failure) this.#giveUp(decodeError(error.failure, this.#options.trail))
    else if ((error as Error).name === 'DataCloneError') {
      this.#giveUp(
        new TypeError(this.#says(`data cannot be sent to the worker: ${said(error)}`), { cause: error }),
      )
    } else this.#giveUp(error)
  }

  /** Counts a death before any item; whether a further worker may have better luck. */
  #mayStart(killed: boolean): boolean {
    return killed ? ++this.#killedStarts < KILLED_STARTS : ++this.#failedStarts < FAILED_STARTS
  }

  #diedEarly(reason: Error): Error {
    return new Error(this.#says(`the worker died while it started: ${reason.message}`), { cause: reason })
  }

  #says(text: string): string {
    return `${this.#options.attach.where}: ${text}`
  }

  /** Nothing can be worked on here. */
  #giveUp(why: unknown): void {
    for (const job of this.#waiting.splice(0)) job.break(why)
  }

  #post(job: SeatJob): void {
    const { batch } = job
    const { indexes, attempts, items } = batch
    const [first = 0] = indexes
    const inRow = indexes[items.length - 1] === first + items.length - 1
    job.serial = this.#posted
    this.#posted += items.length
    this.#jobs.set(job.id, job)
    this.#state = 'busy'
    this.#link?.hold(true)
    if (this.#posted >= this.#options.recycleAfter) this.#replace = true
    try {
      this.#link?.post(
        {
          type: 'run',
          id: job.id,
          stage: batch.stage,
          name: batch.name,
          items,
          indexes: inRow ? first : indexes,
          attempts: attempts.some(attempt => attempt > 1) ? attempts : undefined,
          keys: batch.keys,
          timeout: batch.timeout,
          budget: batch.budget,
          serial: job.serial,
        },
        batch.transfer,
      )
    } catch (error) {
      this.#refuse(job, error)
    }
  }

  /** A batch that cannot be cloned: its items go again one by one; a single one fails. */
  #refuse(job: SeatJob, error: unknown): void {
    const { items, indexes, stage } = job.batch
    if (items.length > 1) {
      for (let at = 0; at < items.length; at++) job.report(at, { status: 'unstarted', alone: true })
    } else {
      const text = `${stage}: item ${indexes[0]} cannot be sent to the worker: ${said(error)}. Send plain data, without functions or streams, or give what can be moved to \`transfer\``
      job.report(0, { status: 'rejected', reason: new TypeError(text, { cause: error }) })
    }
    this.#giveBackKeyed()
    this.#done(job)
  }

  #receive(message: FromWorker): void {
    this.#silentSince = undefined
    switch (message.type) {
      case 'out':
        this.#out(message)
        break
      case 'at':
        this.#announced = { current: message.serial, since: now(), pending: [] }
        break
      case 'stuck':
        this.#totals.crashes++
        this.#replace = true
        if (this.#state === 'idle') this.#end()
        break
      case 'broken': {
        const job = this.#jobs.get(message.id)
        job?.break(decodeError(message.error, this.#options.trail))
        if (job) this.#done(job)
        break
      }
      case 'ended':
        if (message.error) this.#teardownError = { error: decodeError(message.error, this.#options.trail) }
        this.#kill()
    }
  }

  #out({ id, ats, values, errors, late, unstarted, end }: OutMessage): void {
    const job = this.#jobs.get(id)
    if (!job) return
    this.#failedStarts = this.#killedStarts = 0
    this.#useful = true
    const { trail } = this.#options
    for (const [place, error] of errors ?? []) {
      const at = ats?.[place] ?? place
      const reason = decodeError(error, trail, { index: job.batch.indexes[at], stage: job.batch.stage })
      job.report(at, { status: 'rejected', reason })
    }
    for (let place = 0; place < values.length; place++) {
      job.report(ats?.[place] ?? place, { status: 'fulfilled', value: values[place] })
    }
    this.#totals.items += values.length + (late?.length ?? 0)
    if (late) this.#doubtful = true
    for (const at of late ?? []) job.report(at, { status: 'timedOut' })
    for (const at of unstarted ?? []) job.report(at, { status: 'unstarted' })
    if (!end) return
    this.#totals.busy += end.busy
    job.batch.busy = end.busy
    if ((end.memory ?? 0) > this.#options.maxMemory) this.#replace = true
    this.#done(job)
  }

  #done(job: SeatJob): void {
    this.#jobs.delete(job.id)
    if (this.#jobs.size === 0 && this.#state === 'busy') {
      this.#state = 'idle'
      if (this.#replace || (this.#closing && this.#waiting.length === 0)) this.#end()
      else this.#link?.hold(false)
    }
    job.finish()
  }

  /** Nobody wants the job's results: the worker is told, and ended if it goes on all the same. */
  #stop(job: SeatJob): void {
    const at = this.#waiting.indexOf(job)
    if (at >= 0) {
      this.#waiting.splice(at, 1)
      job.finish()
    } else if (this.#jobs.has(job.id)) {
      this.#link?.post({ type: 'cancel', id: job.id }, [])
      this.#enforce(job)
    }
  }

  #enforce(job: SeatJob): void {
    job.timer = setTimeout(() => {
      const notes = this.#link?.notes()
      const current = notes?.current
      // While another job's function runs, the worker cannot hear of it, and works on nothing of this one.
      const others = current !== undefined && this.#isOpen(current) && job.placeOf(current) === undefined
      if (others && !notes?.pending.some(serial => job.placeOf(serial) !== undefined)) this.#enforce(job)
      else this.#kill()
    }, this.#options.attach.grace)
  }

  #end(): void {
    if (this.#state !== 'idle' || this.#killing) return
    this.#state = 'ending'
    this.#link?.hold(true)
    this.#link?.post({ type: 'end' }, [])
    this.#endTimer = setTimeout(() => this.#kill(), this.#options.attach.grace)
  }

  #kill(): void {
    if (this.#killing || !this.#link) return
    // What is moved to it now would be gone with it.
    this.#killing = this.#replace = true
    this.#dead = this.#link.kill().catch(noop)
  }

  /** The worker is gone: says of every item it had what is to become of it. */
  #exit({ reason, killed }: Exit): void {
    const jobs = [...this.#jobs.values()]
    const blame = this.#killing ? this.#suspects : this.#blame(jobs)
    const early = jobs.length > 0 && !this.#killing && blame.length === 0 && !this.#useful
    const hopeless = early && !this.#mayStart(killed)
    if (this.#state !== 'ending') this.#totals.crashes++
    this.#link = undefined
    this.#state = 'cold'
    this.#jobs.clear()
    clearTimeout(this.#endTimer)
    for (const job of jobs) {
      if (hopeless) {
        job.break(this.#diedEarly(reason))
        continue
      }
      for (const serial of job.open()) {
        const at = serial - job.serial
        if (serial === this.#late) {
          this.#totals.items++
          job.report(at, { status: 'timedOut' })
        } else if (!blame.includes(serial)) job.report(at, { status: 'unstarted' })
        else if (blame.length === 1) job.report(at, { status: 'crashed', reason })
        else job.report(at, { status: 'unstarted', alone: true })
      }
      job.finish()
    }
    if (jobs.length > 0) this.#giveBackKeyed()
    this.#pump()
    this.#tell()
  }

  /** Items before these have come back: in the order of their keys, they must run first. */
  #giveBackKeyed(): void {
    for (const job of this.#waiting.filter(each => each.batch.keys !== undefined)) {
      this.#waiting.splice(this.#waiting.indexOf(job), 1)
      for (let at = 0; at < job.batch.items.length; at++) job.report(at, { status: 'unstarted' })
      job.finish()
    }
  }

  /** The items that may have cost the worker its life: the one whose function was running, else all at work. */
  #blame(jobs: readonly SeatJob[]): readonly number[] {
    const notes = this.#notes()
    // Without notes, whatever the worker may have come to.
    if (!notes) return jobs[0]?.open() ?? []
    if (notes.current !== undefined && this.#isOpen(notes.current)) return [notes.current]
    return notes.pending.filter(serial => this.#isOpen(serial))
  }

  #tell(): void {
    for (const watcher of this.#watchers.splice(0)) watcher()
  }
}

/** What an error says, to be gone on from. */
function said(error: unknown): string {
  return String((error as Error).message).replace(/\.$/, '')
}
