import { noop } from '../internal/noop.ts'
import type { Batch, WorkerStats } from './executor.ts'
import type { Exit, Link, WorkerPlace } from './link.ts'
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

/** How many times in a row a worker may die while it starts, of itself or by somebody outside. */
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
  /** Signals that are listened to. */
  readonly #heeded = new WeakSet<AbortSignal>()
  #ids = 0
  /** Items posted to the present worker. */
  #posted = 0
  /** The present worker gets no more. */
  #replace = false
  /** We have ended it: no item is to blame. */
  #killing = false
  /** The item of which a message said that it is at work. */
  #announced: Notes | undefined
  /** The item that took too long. */
  #late: number | undefined
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
      const job = new SeatJob(++this.#ids, batch, () => resolve(undefined), reject)
      this.#waiting.push(job)
      if (batch.signal.aborted) this.#stop(job)
      else this.#heed(batch.signal)
      this.#pump()
    })
  }

  /** Ends an idle worker in peace. */
  retire(): void {
    if (this.#state === 'idle') this.#end()
  }

  /** Ends the worker in peace once it has finished, and for good. Rejects with what `teardown` threw. */
  async close(): Promise<void> {
    while (this.#state !== 'cold' || this.#waiting.length > 0) {
      if (this.#state === 'idle') this.#end()
      this.#replace = true
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
    if (!notes || notes.current === undefined || notes.since === 0) return
    for (const job of this.#jobs.values()) {
      const { timeout } = job.batch
      if (timeout === undefined || job.placeOf(notes.current) === undefined) continue
      if (now() - notes.since <= timeout) return
      this.#late = notes.current
      this.#kill()
    }
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
    this.#launch().then(
      link => {
        this.#link = link
        this.#failedStarts = this.#killedStarts = 0
        this.#state = 'idle'
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

  async #launch(): Promise<Link> {
    await this.#dead
    return this.#place.start(this.#options.attach, {
      message: message => this.#receive(message),
      exit: how => this.#exit(how),
    })
  }

  /** A module that cannot be loaded cannot be loaded again; a worker that died may have been killed by somebody. */
  #startFailed(error: unknown): void {
    const exit = asExit(error)
    if (exit) {
      const again = exit.killed ? ++this.#killedStarts < KILLED_STARTS : ++this.#failedStarts < FAILED_STARTS
      if (again) {
        this.#pump()
        return
      }
    }
    const { stage } = this.#options.attach
    const reason = exit
      ? new Error(`${stage}: the worker died while it started: ${exit.reason.message}`, {
          cause: exit.reason,
        })
      : error
    for (const job of this.#waiting.splice(0)) job.break(reason)
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
      const text = `${stage}: item ${indexes[0]} cannot be sent to the worker: ${(error as Error).message}. Send plain data, without functions, streams or instances of classes`
      job.report(0, { status: 'rejected', reason: new TypeError(text, { cause: error }) })
    }
    this.#done(job)
  }

  #receive(message: FromWorker): void {
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
    const { trail } = this.#options
    for (const [place, error] of errors ?? []) {
      const at = ats?.[place] ?? place
      const reason = decodeError(error, trail, { index: job.batch.indexes[at], stage: job.batch.stage })
      job.report(at, { status: 'rejected', reason })
    }
    for (let place = 0; place < values.length; place++) {
      job.report(ats?.[place] ?? place, { status: 'fulfilled', value: values[place] })
    }
    this.#totals.items += values.length
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
      if (this.#replace) this.#end()
      else this.#link?.hold(false)
    }
    job.finish()
  }

  /** Listens once to each stage's signal, not for each batch: a listener costs more than a batch of one. */
  #heed(signal: AbortSignal): void {
    if (this.#heeded.has(signal)) return
    this.#heeded.add(signal)
    const stop = (): void => {
      for (const job of [...this.#jobs.values(), ...this.#waiting]) {
        if (job.batch.signal === signal) this.#stop(job)
      }
    }
    signal.addEventListener('abort', stop, { once: true })
  }

  /** Nobody wants the job's results: the worker is told, and ended if it goes on all the same. */
  #stop(job: SeatJob): void {
    const at = this.#waiting.indexOf(job)
    if (at >= 0) {
      this.#waiting.splice(at, 1)
      job.finish()
    } else if (this.#jobs.has(job.id)) {
      this.#link?.post({ type: 'cancel', id: job.id }, [])
      job.timer = setTimeout(() => this.#kill(), this.#options.attach.grace)
    }
  }

  #end(): void {
    if (this.#state !== 'idle') return
    this.#state = 'ending'
    this.#link?.hold(true)
    this.#link?.post({ type: 'end' }, [])
    this.#endTimer = setTimeout(() => this.#kill(), this.#options.attach.grace)
  }

  #kill(): void {
    if (this.#killing || !this.#link) return
    this.#killing = true
    this.#dead = this.#link.kill().catch(noop)
  }

  /** The worker is gone: says of every item it had what is to become of it. */
  #exit({ reason }: Exit): void {
    const jobs = [...this.#jobs.values()]
    const blame = this.#killing ? [] : this.#blame(jobs)
    if (this.#state !== 'ending') this.#totals.crashes++
    this.#link = undefined
    this.#state = 'cold'
    this.#jobs.clear()
    clearTimeout(this.#endTimer)
    for (const job of jobs) {
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
    this.#pump()
    this.#tell()
  }

  /** The items that may have cost the worker its life: the one whose function was running, else all at work. */
  #blame(jobs: readonly SeatJob[]): readonly number[] {
    const open = (serial: number): boolean => jobs.some(job => job.placeOf(serial) !== undefined)
    const notes = this.#notes()
    // Without notes, whatever the worker may have come to.
    if (!notes) return jobs[0]?.open() ?? []
    if (notes.current !== undefined && open(notes.current)) return [notes.current]
    return notes.pending.filter(open)
  }

  #tell(): void {
    for (const watcher of this.#watchers.splice(0)) watcher()
  }
}

function asExit(error: unknown): Exit | undefined {
  return typeof error === 'object' && error !== null && 'killed' in error ? (error as Exit) : undefined
}
