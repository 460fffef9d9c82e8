import { Ring } from '../internal/ring.ts'
import type { BatchSize } from './batch-size.ts'
import type { Outcome } from './executor.ts'
import type { ParallelTask } from './parallel-task.ts'
import { workerOf } from './worker-of.ts'

/** What a stage wants of the pool. */
export interface LineOptions {
  /** The stage's name. */
  readonly stage: string
  /** The export. */
  readonly name: string
  /** Items of a batch; absent: by measured time. */
  readonly batch: number | undefined
  readonly timeout: number | undefined
  /** Parts of the items are moved: what has been sent cannot come back. */
  readonly moves: boolean
  /** Items go to the worker of their key. */
  readonly keyed: boolean
}

/** Where a line's news goes. */
export interface LineEvents<I> {
  outcome(task: ParallelTask<I>, outcome: Exclude<Outcome, { status: 'unstarted' }>): void
  /** All of these have been worked on. */
  fulfilled(tasks: readonly ParallelTask<I>[], values: readonly unknown[]): void
  /** A batch has come back: there may be room for more. */
  ended(): void
  /** The executor is broken. */
  broken(error: unknown): void
  /** The pool is being closed: what is inside will come, and nothing more. */
  closing(): void
}

/** The tasks of one stage that wait for a worker. */
export class Line<I = unknown> {
  readonly options: LineOptions
  readonly events: LineEvents<I>
  readonly sizes: BatchSize
  readonly controller = new AbortController()
  readonly #most: number
  /** The stage has taken as many items as it may. */
  full = false
  readonly #shared = new Ring<ParallelTask<I>>()
  /** Of a keyed line: the tasks of each worker. */
  readonly #own: Ring<ParallelTask<I>>[] = []
  /** Tasks that run again, by index; they come first. */
  readonly #again: ParallelTask<I>[] = []
  /** Batches at each worker, and at all. */
  readonly #at: number[] = []
  #batches = 0

  constructor(options: LineOptions, events: LineEvents<I>, sizes: BatchSize, most: number) {
    this.options = options
    this.events = events
    this.sizes = sizes
    this.#most = most
  }

  get size(): number {
    return Math.min(this.options.batch ?? this.sizes.size, this.#most)
  }

  push(task: ParallelTask<I>, workers: number): void {
    if (task.key === undefined) {
      this.#shared.push(task)
      return
    }
    const worker = workerOf(task.key, workers)
    let own = this.#own[worker]
    if (!own) {
      own = new Ring()
      this.#own[worker] = own
    }
    own.push(task)
  }

  /** A task that came back runs before those behind it. */
  again(task: ParallelTask<I>): void {
    let at = this.#again.length
    while (at > 0 && (this.#again[at - 1] as ParallelTask<I>).index > task.index) at--
    this.#again.splice(at, 0, task)
  }

  /** Whether any task waits for a worker. */
  get waiting(): boolean {
    return this.#again.length + this.#shared.length > 0 || this.#own.some(own => own.length > 0)
  }

  /** How many tasks wait that this worker may have. */
  waitingFor(worker: number, workers: number): number {
    if (!this.options.keyed) return this.#again.length + this.#shared.length
    let waiting = this.#own[worker]?.length ?? 0
    for (const task of this.#again) if (workerOf(task.key as number, workers) === worker) waiting++
    return waiting
  }

  /** Takes out up to `most` tasks for a worker, in order; one that must be alone comes alone. */
  take(worker: number, workers: number, most: number): ParallelTask<I>[] {
    const taken: ParallelTask<I>[] = []
    for (let at = 0; at < this.#again.length && taken.length < most; ) {
      const task = this.#again[at] as ParallelTask<I>
      if (task.key !== undefined && workerOf(task.key, workers) !== worker) {
        at++
        continue
      }
      if (task.alone && taken.length > 0) break
      this.#again.splice(at, 1)
      taken.push(task)
      if (task.alone) break
    }
    const queue = this.options.keyed ? this.#own[worker] : this.#shared
    // What came back goes by itself: it has waited for long enough.
    if (taken.length === 0 && queue) {
      while (queue.length > 0 && taken.length < most) taken.push(queue.shift())
    }
    return taken
  }

  /** Whether the first task that this worker would get must be alone there. */
  aloneNext(worker: number, workers: number): boolean {
    const first = this.#again.find(task => task.key === undefined || workerOf(task.key, workers) === worker)
    return first?.alone === true
  }

  /** A batch has gone to a worker. */
  began(worker: number): void {
    this.#at[worker] = (this.#at[worker] ?? 0) + 1
    this.#batches++
  }

  /** A batch has come back from a worker. */
  ended(worker: number): void {
    this.#at[worker] = (this.#at[worker] as number) - 1
    this.#batches--
  }

  /** Whether a worker has any of it. */
  isAt(worker: number): boolean {
    return (this.#at[worker] ?? 0) > 0
  }

  /** Whether another worker has any of it. */
  isElsewhere(worker: number): boolean {
    return this.#batches > (this.#at[worker] ?? 0)
  }

  /** How many batches are at work at the workers that could have what waits for this one. */
  underWay(worker: number): number {
    return this.options.keyed ? (this.#at[worker] ?? 0) : this.#batches
  }

  clear(): void {
    this.#shared.clear()
    this.#own.length = this.#again.length = 0
  }
}
