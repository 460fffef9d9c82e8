import type { Batch, Outcome } from '../../src/executors/executor.ts'
import type { Link, LinkEvents, WorkerPlace } from '../../src/executors/link.ts'
import type { Attach, OutMessage, RunMessage, ToWorker } from '../../src/executors/messages.ts'
import type { Notes } from '../../src/executors/progress.ts'
import { Seat, type SeatOptions } from '../../src/executors/seat.ts'

/** A worker that does what a test says. */
export class FakeWorker implements Link {
  readonly posted: ToWorker[] = []
  /** What it lets be seen of its items at work. */
  seen: Notes | undefined = { current: undefined, pending: [] }
  /** Part of the time in which it is not waiting for a processor. */
  share = 1
  held = false
  gone = false
  killed = false
  readonly #events: LinkEvents

  constructor(events: LinkEvents) {
    this.#events = events
  }

  get runs(): RunMessage[] {
    return this.posted.filter(message => message.type === 'run')
  }

  post(message: ToWorker): void {
    if (this.gone) return
    if (message.type === 'run' && message.items.some(item => typeof item === 'function'))
      throw new DOMException('a function could not be cloned', 'DataCloneError')
    this.posted.push(message)
  }

  notes(): Notes | undefined {
    return this.seen
  }

  ran(elapsed: number): number {
    return this.share * elapsed
  }

  hold(held: boolean): void {
    this.held = held
  }

  /** It is gone a turn later, as workers are. */
  kill(): Promise<void> {
    this.killed = true
    return Promise.resolve().then(() => this.exit(true))
  }

  exit(killed = false): void {
    if (this.gone) return
    this.gone = true
    this.#events.exit({ reason: new Error('gone'), killed })
  }

  /** Sends something back for a batch; with `end` it is the last of it. */
  out(
    id: number,
    parts: Partial<Pick<OutMessage, 'ats' | 'values' | 'late' | 'unstarted'>>,
    end = true,
  ): void {
    if (this.gone) return
    this.#events.message({
      type: 'out',
      id,
      values: [],
      ...parts,
      ...(end && { end: { busy: 1 } }),
    })
  }

  stuck(): void {
    if (!this.gone) this.#events.message({ type: 'stuck' })
  }

  ended(): void {
    if (!this.gone) this.#events.message({ type: 'ended', error: undefined })
  }
}

/** A place whose workers are fakes. */
export class FakePlace implements WorkerPlace {
  readonly workers: FakeWorker[] = []
  closed = 0

  get worker(): FakeWorker {
    return this.workers.at(-1) as FakeWorker
  }

  start(_attach: Attach, events: LinkEvents): Promise<Link> {
    const worker = new FakeWorker(events)
    this.workers.push(worker)
    return Promise.resolve(worker)
  }

  close(): Promise<void> {
    this.closed++
    return Promise.resolve()
  }
}

export const GRACE = 500

export function fakeSeat(place: WorkerPlace, options: Partial<Omit<SeatOptions, 'attach'>> = {}): Seat {
  const attach: Attach = {
    where: 'test',
    module: undefined,
    names: [],
    data: undefined,
    worker: 0,
    overlap: 4,
    grace: GRACE,
    memory: false,
  }
  return new Seat(place, 0, { recycleAfter: Infinity, maxMemory: Infinity, trail: '', ...options, attach })
}

/** What has been said of each item of a batch. */
export type Reports = (Outcome['status'] | 'alone' | undefined)[]

export function fakeBatch(
  items: readonly unknown[],
  options: Partial<Batch> = {},
): Batch & { reports: Reports } {
  const reports: Reports = items.map(() => undefined)
  return {
    items,
    indexes: items.map((_, at) => at),
    attempts: items.map(() => 1),
    keys: undefined,
    worker: 0,
    stage: 'test',
    name: 'default',
    timeout: undefined,
    budget: undefined,
    transfer: [],
    signal: new AbortController().signal,
    busy: undefined,
    report(at, outcome) {
      reports[at] = outcome.status === 'unstarted' && outcome.alone ? 'alone' : outcome.status
    },
    reportAll(values) {
      for (const [at, value] of values.entries()) this.report(at, { status: 'fulfilled', value })
    },
    ...options,
    reports,
  }
}

/** Lets everything that settles now settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
