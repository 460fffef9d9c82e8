import { noop } from '../internal/noop.ts'
import { BatchSize } from './batch-size.ts'
import type { AtWork, Executor, Outcome, WorkerStats } from './executor.ts'
import { Line, type LineEvents, type LineOptions } from './line.ts'
import type { ParallelTask } from './parallel-task.ts'
import { SentBatch } from './sent-batch.ts'

/** How long a worker may have nothing to do before it is given up, in milliseconds. */
const IDLE = 1_000
const GONE = 'not at it, but parts of it had been moved there'
/** A worker takes a while to begin; only then does one see whether there are enough, in milliseconds. */
const GROWTH = 50

/** What the dispatcher knows of a worker. */
class Desk {
  readonly worker: number
  /** Batches there. */
  batches = 0
  /** Items there. */
  items = 0
  /** Items that it has been given altogether. */
  given = 0
  /** A task that must be alone is there. */
  alone = false
  idle: ReturnType<typeof setTimeout> | undefined
  /** It has had nothing to do for a while. */
  rested = false
  /** When it was last given something to do, having nothing, or has given back a batch. */
  since = 0
  /** It has had something to do since it was given up. */
  used = false

  constructor(worker: number) {
    this.worker = worker
  }
}

/**
 * Gives the tasks of one or several stages to an executor's workers, in batches: at once where a worker has nothing to
 * do, else when a full batch has come together.
 */
export class Dispatcher {
  readonly executor: Executor
  readonly #overlap: number
  readonly #ahead: number
  readonly #min: number
  readonly #most: number
  readonly #desks: Desk[] = []
  readonly #lines: Line[] = []
  /** How large the batches of a function have become: the next stage with it begins where the last one was. */
  readonly #sizes = new Map<string, BatchSize>()
  /** Workers in use; between `min` and the executor's `concurrency`. */
  #active: number
  /** When a worker was added last. */
  #grown = -Infinity
  /** The line that is asked first. */
  #turn = 0
  #scheduled = false
  #closed: Promise<void> | undefined
  /** Tells who closes the pool that no stage uses it any more. */
  #left: (() => void) | undefined

  /** @param most Items after which the executor replaces a worker: no batch goes beyond that. */
  constructor(executor: Executor, min: number, most = Infinity) {
    this.executor = executor
    this.#overlap = executor.overlap ?? 1
    this.#ahead = executor.ahead ?? 0
    this.#min = min
    this.#most = most
    this.#active = min
    for (let worker = 0; worker < executor.concurrency; worker++) this.#desks.push(new Desk(worker))
  }

  get workers(): number {
    return this.executor.concurrency
  }

  /** Items of a line that the workers have at the most: full batches one behind the other, or as many as keep them busy. */
  takes({ size, sizes }: Pick<Line, 'size' | 'sizes'>): number {
    if (sizes.light) return 2 * size
    const busy = this.#overlap === 1 ? 0 : Math.ceil((2 * this.#overlap) / size)
    return this.#active * Math.max(1 + this.#ahead, busy) * size
  }

  /** Workers in use. */
  get active(): number {
    return this.#active
  }

  get closed(): boolean {
    return this.#closed !== undefined
  }

  stats(): readonly WorkerStats[] {
    return this.executor.stats?.() ?? []
  }

  /** The worker with items of this line that has been silent for longest; undefined if none has any. */
  slowest<I>(line: Line<I>): ({ readonly worker: number } & AtWork) | undefined {
    const found = this.#desks
      .filter(desk => line.isAt(desk.worker))
      .map(({ worker, since }) => {
        const atWork = this.executor.atWork?.(worker)
        return { ...atWork, worker, since: Math.max(since, atWork?.since ?? 0) }
      })
    return found.sort((a, b) => a.since - b.since)[0]
  }

  open<I>(options: LineOptions, events: LineEvents<I>): Line<I> {
    const line = new Line<I>(options, events, this.#sizesFor(options), this.#most)
    this.#lines.push(line as unknown as Line)
    return line
  }

  #sizesFor({ name, batch, moves, keyed }: LineOptions): BatchSize {
    // What was moved or has a key does not come back when its batch takes too long: there, one finds out anew.
    if (moves || keyed) {
      // Keys have their workers, and one that is replaced keeps what it has waiting.
      return new BatchSize(!keyed && batch === undefined && this.#ahead > 0 && this.#most === Infinity)
    }
    const sizes = this.#sizes.get(name) ?? new BatchSize()
    this.#sizes.set(name, sizes)
    return sizes
  }

  /** The stage of this line is over: its tasks are dropped, what is at work is told to stop. */
  leave<I>(line: Line<I>, reason: unknown): void {
    const at = this.#lines.indexOf(line as unknown as Line)
    if (at >= 0) this.#lines.splice(at, 1)
    line.clear()
    line.controller.abort(reason)
    if (this.#lines.length === 0) this.#left?.()
    this.#rest()
  }

  push<I>(line: Line<I>, task: ParallelTask<I>): void {
    line.push(task, this.workers)
    this.schedule()
  }

  /** A task runs again, and need not wait for the rest of its batch. */
  again<I>(line: Line<I>, task: ParallelTask<I>): void {
    line.again(task)
    this.schedule()
  }

  /** Hands out what there is once the items that come together have come. */
  schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.dispatch()
    })
  }

  /** Whether there are workers that are not in use. */
  get mayGrow(): boolean {
    return this.#active < this.workers
  }

  /** One more worker: a stage has more work than these can do. Gives the milliseconds until it may be asked again. */
  grow(): number {
    const now = performance.now()
    const early = this.#grown + GROWTH - now
    if (early > 0 || !this.mayGrow) return early
    this.#grown = now
    this.#active++
    this.schedule()
    return GROWTH
  }

  /** Gives the workers what there is, those that have least to do first. */
  dispatch(): void {
    for (;;) {
      let best: { desk: Desk; line: Line } | undefined
      for (const desk of this.#desks) {
        if (desk.alone || (best && best.desk.items <= desk.items)) continue
        const line = this.#next(desk)
        if (line) best = { desk, line }
      }
      if (!best) return
      this.#turn = this.#lines.indexOf(best.line) + 1
      this.#send(best.desk, best.line)
    }
  }

  /**
   * Stages take no further item; what they have comes out. Settles when nothing runs any more; rejects with what a
   * `teardown` threw.
   */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = this.#close()
      this.#closed.catch(noop)
    }
    return this.#closed
  }

  async #close(): Promise<void> {
    const left = new Promise<void>(resolve => {
      this.#left = resolve
    })
    for (const line of [...this.#lines]) line.events.closing()
    if (this.#lines.length > 0) await left
    for (const desk of this.#desks) clearTimeout(desk.idle)
    await this.executor.close()
  }

  /** The line whose turn it is, of those that have enough for this worker. */
  #next(desk: Desk): Line | undefined {
    const { workers } = this
    if (desk.batches > this.#ahead && (this.#overlap === 1 || desk.items >= 2 * this.#overlap))
      return undefined
    for (let at = 0; at < this.#lines.length; at++) {
      const line = this.#lines[(this.#turn + at) % this.#lines.length] as Line
      // Keys have their worker, whether others are in use or not.
      if (desk.worker >= this.#active && !line.options.keyed) continue
      const waiting = line.waitingFor(desk.worker, workers)
      if (waiting === 0) continue
      // Whose turn it is may keep the worker for itself: else other stages would never leave it alone.
      if (desk.items > 0 && line.aloneNext(desk.worker, workers)) return undefined
      // It goes where the rest of it is; but other stages may keep that worker busy.
      if (line.sizes.light && this.#lines.length === 1 && line.isElsewhere(desk.worker)) continue
      // A worker that has something to do of this stage waits for a full batch.
      if (desk.items >= this.#overlap && waiting < line.size && line.underWay(desk.worker) > 0) continue
      return line
    }
    return undefined
  }

  #send(desk: Desk, line: Line): void {
    const { workers } = this
    const waiting = line.waitingFor(desk.worker, workers)
    // Where no more is coming for now, what there is is shared out.
    const share = line.full || line.options.keyed ? waiting : Math.ceil(waiting / this.#active)
    const most = Math.min(line.size, Math.max(1, share), this.#most - (desk.given % this.#most))
    const tasks = line.take(desk.worker, workers, most)
    const batch = new SentBatch(tasks, line, desk.worker, {
      outcome: (task, outcome) => this.#report(line, task, outcome),
      fulfilled: (all, values) => line.events.fulfilled(all, values),
    })
    if (desk.batches++ === 0) desk.since = performance.now()
    line.began(desk.worker)
    desk.items += tasks.length
    desk.given += tasks.length
    desk.alone = (tasks[0] as ParallelTask).alone
    clearTimeout(desk.idle)
    desk.rested = false
    desk.used = true
    const start = performance.now()
    // An executor of somebody's own may throw.
    const ran = new Promise<readonly Outcome[] | undefined>(resolve => resolve(this.executor.run(batch)))
    const sending = performance.now() - start
    const finish = (): void => {
      desk.batches--
      desk.since = performance.now()
      line.ended(desk.worker)
      desk.items -= tasks.length
      desk.alone = false
      const busy = batch.busy ?? performance.now() - start
      const underWay = this.#active * (1 + this.#ahead)
      line.sizes.measured({ items: tasks.length, busy, sending, bytes: batch.bytes }, underWay)
      if (desk.batches === 0) this.#rest(desk)
      line.events.ended()
      this.dispatch()
    }
    ran
      .then(outcomes => {
        for (const [at, outcome] of outcomes?.entries() ?? []) batch.report(at, outcome)
        if (batch.missing > 0 && !batch.signal.aborted) {
          const text = `${line.options.stage}: the executor gave no outcome for ${batch.missing} of ${tasks.length} items`
          throw new TypeError(text)
        }
      })
      // First, so that the stage gives it nothing more.
      .catch(line.events.broken)
      .then(finish)
  }

  #report(line: Line, task: ParallelTask, outcome: Outcome): void {
    if (outcome.status !== 'unstarted') line.events.outcome(task, outcome)
    else if (task.gone) line.events.outcome(task, { status: 'crashed', reason: new Error(GONE) })
    else {
      if (outcome.alone) task.alone = true
      this.again(line, task)
    }
  }

  /** Workers without work may be given up in a while. */
  #rest(desk?: Desk): void {
    if (this.closed) return
    for (const each of desk ? [desk] : this.#desks) {
      if (each.batches > 0 || each.worker < this.#min) continue
      clearTimeout(each.idle)
      each.idle = setTimeout(() => {
        each.rested = true
        this.#shrink()
      }, IDLE)
      ;(each.idle as { unref?: () => void }).unref?.()
    }
  }

  /** Gives up workers that have had nothing to do for a while. */
  #shrink(): void {
    // Workers may hold state for keys.
    if (this.#lines.some(line => line.options.keyed)) return
    // From the last one down; above those in use are those that only keys had use for.
    for (let at = this.workers - 1; at >= this.#min; at--) {
      const desk = this.#desks[at] as Desk
      const needed = desk.used && !desk.rested
      if (needed && at < this.#active) return
      if (needed) continue
      this.#active = Math.min(this.#active, at)
      if (desk.used) this.executor.retire?.(at)
      desk.used = desk.rested = false
    }
  }
}
