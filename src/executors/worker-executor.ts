import type { AtWork, Batch, Executor, WorkerStats } from './executor.ts'
import type { WorkerPlace } from './link.ts'
import { Seat, type SeatOptions } from './seat.ts'

/** How a {@link WorkerExecutor} makes its workers. */
export interface WorkerExecutorOptions extends Omit<SeatOptions, 'attach'> {
  readonly concurrency: number
  readonly attach: Omit<SeatOptions['attach'], 'worker'>
  /** Whether a worker takes a second batch while it works on one. */
  readonly ahead: number
}

/** Runs batches in workers, of whatever kind the places make; each seat is a worker and its successors. */
export class WorkerExecutor implements Executor {
  readonly concurrency: number
  readonly ahead: number
  readonly overlap: number
  readonly #place: () => WorkerPlace
  readonly #options: WorkerExecutorOptions
  readonly #seats = new Map<number, Seat>()
  /** Looks after items with a timeout while there are some. */
  #watch: ReturnType<typeof setInterval> | undefined
  #timed = 0

  constructor(place: () => WorkerPlace, options: WorkerExecutorOptions) {
    this.#place = place
    this.#options = options
    this.concurrency = options.concurrency
    this.ahead = options.ahead
    this.overlap = options.attach.overlap
  }

  async run(batch: Batch): Promise<undefined> {
    const seat = this.#seat(batch.worker)
    if (batch.timeout === undefined) return seat.run(batch)
    this.#timed++
    // A tenth of the limit, so that it is kept to within that.
    const every = Math.max(2, Math.min(50, batch.timeout / 10))
    this.#watch ??= this.#look(every)
    try {
      await seat.run(batch)
    } finally {
      if (--this.#timed === 0) {
        clearInterval(this.#watch)
        this.#watch = undefined
      }
    }
  }

  #look(every: number): ReturnType<typeof setInterval> {
    let last = performance.now()
    return setInterval(() => {
      const now = performance.now()
      // Where this thread, and maybe the whole machine, stood still, nobody can say that it was the item.
      const elapsed = Math.min(now - last, 2 * every)
      last = now
      for (const each of this.#seats.values()) each.watch(elapsed)
    }, every)
  }

  retire(worker: number): void {
    this.#seats.get(worker)?.retire()
  }

  stats(): readonly WorkerStats[] {
    return [...this.#seats.values()].map(seat => seat.stats)
  }

  atWork(worker: number): AtWork | undefined {
    const seat = this.#seats.get(worker)
    const notes = seat?.notes()
    const serial = notes?.current ?? notes?.pending[0]
    const job = serial === undefined ? undefined : seat?.jobOf(serial)
    if (!seat || !job) return
    const { indexes, stage } = job.batch
    return { index: indexes[(serial as number) - job.serial], stage, since: seat.heardAt }
  }

  async close(): Promise<void> {
    const ends = [...this.#seats.values()].map(seat => seat.close())
    const results = await Promise.allSettled(ends)
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  #seat(worker: number): Seat {
    let seat = this.#seats.get(worker)
    if (!seat) {
      const { attach, ...rest } = this.#options
      seat = new Seat(this.#place(), worker, { ...rest, attach: { ...attach, worker } })
      this.#seats.set(worker, seat)
    }
    return seat
  }
}
