import { noop } from '../internal/noop.ts'
import { blame, type LastWords } from './blame.ts'
import type { Batch, WorkerStats } from './executor.ts'
import type { Exit, Link, StartFailure, WorkerPlace } from './link.ts'
import type { Attach, FromWorker, OutMessage } from './messages.ts'
import type { Notes } from './progress.ts'
import { itemError, startError } from './seat-errors.ts'
import { SeatJob } from './seat-job.ts'
import { StartLuck } from './start-luck.ts'
import { Watch, type Watched } from './watch.ts'
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

/** One worker of an executor, and those that replace it: what it was given, and what becomes of that when it dies. */
export class Seat implements Watched {
  readonly #place: WorkerPlace
  readonly #options: SeatOptions
  readonly #worker: number
  #state: WorkerStats['state'] = 'cold'
  #link: Link | undefined
  /** Batches not posted yet, in order. */
  readonly #waiting: SeatJob[] = []
  /** Batches at the worker, in order. No Map, for the reason in `on-abort.ts`. */
  readonly #jobs: SeatJob[] = []
  #ids = 0
  /** Batches at the worker of which it is about to be told that nobody wants them. */
  readonly #cancelled: number[] = []
  /** Items posted to the present worker. */
  #posted = 0
  /** The present worker gets no more. */
  #replace = false
  /** There will be no more batches. */
  #closing = false
  /** We have ended it: no item is to blame. */
  #killing = false
  /** What a message said to be at work. */
  #announced: Notes | undefined
  /** Items of which one has taken too long, and keeps the worker from everything else. */
  #suspects: readonly number[] = []
  #watch: Watch
  heardAt = 0
  /** The present worker has finished something. */
  #useful = false
  readonly #luck = new StartLuck()
  /** Who waits for a start or an exit. */
  #watchers: (() => void)[] = []
  #dead: Promise<void> | undefined
  #startTimer: ReturnType<typeof setTimeout> | undefined
  #endTimer: ReturnType<typeof setTimeout> | undefined
  #teardownError: { readonly error: unknown } | undefined
  readonly #totals = { items: 0, busy: 0, starts: 0, crashes: 0 }

  constructor(place: WorkerPlace, worker: number, options: SeatOptions) {
    this.#place = place
    this.#worker = worker
    this.#options = options
    this.#watch = new Watch(this, options.attach.grace)
  }

  get stats(): WorkerStats {
    let inFlight = 0
    for (const job of [...this.#jobs, ...this.#waiting]) inFlight += job.left
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
      this.#giveUpStart()
      await new Promise<void>(resolve => this.#watchers.push(resolve))
    }
    await this.#dead
    await this.#place.close()
    if (this.#teardownError) throw this.#teardownError.error
  }

  /** Looks for items that have been at work for too long, and ends their worker; `elapsed` since the last look. */
  watch(elapsed: number): void {
    if (this.#state !== 'busy' || this.#killing) return
    const notes = this.notes()
    const late = notes && this.#watch.look(notes, elapsed)
    if (!late) return
    this.#suspects = late
    this.#kill()
  }

  timeoutOf(serial: number): number | undefined {
    return this.jobOf(serial)?.batch.timeout
  }

  isOpen(serial: number): boolean {
    return this.jobOf(serial) !== undefined
  }

  jobOf(serial: number): SeatJob | undefined {
    return this.#jobs.find(job => job.placeOf(serial) !== undefined)
  }

  ran(elapsed: number): number {
    return this.#link?.ran?.(elapsed) ?? elapsed
  }

  notes(): Notes | undefined {
    return this.#link?.notes() ?? this.#announced
  }

  /** Starts a worker where there is work, and posts what may be posted. */
  #pump(): void {
    if (this.#waiting.length === 0) return
    if (this.#state === 'cold') this.#start()
    if (this.#state !== 'idle' && this.#state !== 'busy') return
    for (let job = this.#waiting[0]; job && !this.#replace; job = this.#waiting[0]) {
      // Batches end where workers do, but for one that began after a crash.
      const posted = this.#posted && this.#posted + job.batch.items.length
      if (posted > this.#options.recycleAfter) this.#replace = true
      else this.#post(this.#waiting.shift() as SeatJob)
    }
    if (this.#replace) this.#end()
  }

  #start(): void {
    this.#state = 'starting'
    this.#totals.starts++
    this.#posted = 0
    this.#replace = this.#killing = false
    this.#announced = undefined
    this.#suspects = []
    this.#useful = false
    this.#watch = new Watch(this, this.#options.attach.grace)
    let died: Exit | undefined
    const launched = this.#launch(how => {
      if (this.#state === 'starting') died = how
      else this.#exit(how)
    })
    launched.then(
      link => {
        clearTimeout(this.#startTimer)
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
        clearTimeout(this.#startTimer)
        this.#state = 'cold'
        this.#startFailed(error)
        this.#tell()
      },
    )
  }

  /** A worker that nobody waits for any more need not begin, whatever its `setup` does. */
  #giveUpStart(): void {
    const idle = (): boolean => this.#closing && this.#state === 'starting' && this.#waiting.length === 0
    if (!idle()) return
    clearTimeout(this.#startTimer)
    this.#startTimer = setTimeout(() => {
      if (idle()) this.#place.close()
    }, this.#options.attach.grace)
  }

  async #launch(exit: (how: Exit) => void): Promise<Link> {
    await this.#dead
    return this.#place.start(this.#options.attach, { message: message => this.#receive(message), exit })
  }

  /** A module that cannot be loaded cannot be loaded again; a worker that died may have been killed by somebody. */
  #startFailed(error: Partial<Exit & StartFailure>): void {
    if (error.reason && this.#luck.mayStart(error.killed === true)) {
      this.#pump()
      return
    }
    const { attach, trail } = this.#options
    const why = startError(error, attach.where, trail)
    for (const job of this.#waiting.splice(0)) job.break(why)
  }

  #post(job: SeatJob): void {
    const { batch } = job
    job.serial = this.#posted
    this.#posted += batch.items.length
    this.#jobs.push(job)
    this.#state = 'busy'
    this.#link?.hold(true)
    if (this.#posted >= this.#options.recycleAfter) this.#replace = true
    try {
      this.#link?.post(job.message(), batch.transfer)
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
      const reason = itemError(stage, indexes[0], this.#options.attach.module, error)
      job.report(0, { status: 'rejected', reason })
    }
    this.#giveBackKeyed()
    this.#done(job)
  }

  #receive(message: FromWorker): void {
    this.heardAt = this.#watch.heard()
    switch (message.type) {
      case 'out':
        this.#out(message)
        break
      case 'at':
        this.#announced = { current: message.serial, pending: message.pending ?? [] }
        break
      case 'stuck':
        this.#totals.crashes++
        this.#replace = true
        if (this.#state === 'idle') this.#end()
        break
      case 'broken': {
        const job = this.#job(message.id)
        job?.break(decodeError(message.error, this.#options.trail))
        if (job) this.#done(job)
        break
      }
      case 'ended':
        if (message.error) this.#teardownError = { error: decodeError(message.error, this.#options.trail) }
        this.#kill()
    }
  }

  #out(message: OutMessage): void {
    const job = this.#job(message.id)
    if (!job) return
    this.#useful = true
    this.#luck.began()
    this.#totals.items += job.take(message, this.#options.trail)
    if (message.late) this.#watch.doubtful = true
    const { end } = message
    if (!end) return
    this.#totals.busy += end.busy
    job.batch.busy = end.busy
    if ((end.memory ?? 0) > this.#options.maxMemory) this.#replace = true
    this.#done(job)
  }

  #job(id: number): SeatJob | undefined {
    return this.#jobs.find(job => job.id === id)
  }

  #done(job: SeatJob): void {
    this.#jobs.splice(this.#jobs.indexOf(job), 1)
    if (this.#jobs.length === 0 && this.#state === 'busy') {
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
      this.#giveUpStart()
    } else if (this.#jobs.includes(job)) {
      this.#cancel(job.id)
      this.#enforce(job)
    }
  }

  /** All at once: the worker would start items of one batch when it is told to stop another. */
  #cancel(id: number): void {
    if (this.#cancelled.push(id) > 1) return
    queueMicrotask(() => {
      const ids = this.#cancelled.splice(0)
      this.#link?.post({ type: 'cancel', ids }, [])
    })
  }

  #enforce(job: SeatJob): void {
    job.timer = setTimeout(() => {
      const notes = this.#link?.notes()
      const current = notes?.current
      // While another job's function runs, the worker cannot hear of it, and works on nothing of this one.
      const others = current !== undefined && this.isOpen(current) && job.placeOf(current) === undefined
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
    const jobs = this.#jobs.splice(0)
    const blamed = this.#killing ? this.#suspects : blame(jobs, this.#lastWords)
    const early = jobs.length > 0 && !this.#killing && blamed.length === 0 && !this.#useful
    const hopeless = early && !this.#luck.mayStart(killed)
    if (this.#state !== 'ending') this.#totals.crashes++
    this.#link = undefined
    this.#state = 'cold'
    clearTimeout(this.#endTimer)
    for (const job of jobs) {
      if (hopeless) {
        const { attach, trail } = this.#options
        job.break(startError({ reason, killed }, attach.where, trail))
        continue
      }
      for (const serial of job.open()) {
        const at = serial - job.serial
        if (!blamed.includes(serial)) job.report(at, { status: 'unstarted' })
        else if (blamed.length > 1) job.report(at, { status: 'unstarted', alone: true })
        else {
          this.#totals.items++
          job.report(at, this.#killing ? { status: 'timedOut' } : { status: 'crashed', reason })
        }
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

  get #lastWords(): LastWords {
    const { overlap } = this.#options.attach
    return { notes: this.#link?.notes(), announced: this.#announced?.current, overlap }
  }

  #tell(): void {
    for (const watcher of this.#watchers.splice(0)) watcher()
  }
}
