import type { Transferable } from '../internal/platform-types.ts'
import type { Batch, Outcome } from './executor.ts'
import type { Line } from './line.ts'
import type { ParallelTask } from './parallel-task.ts'

/** How long a batch may take, in milliseconds, before the rest of it is better off elsewhere. */
const BUDGET = 16

const STATUSES: readonly unknown[] = ['fulfilled', 'rejected', 'timedOut', 'crashed', 'unstarted']

/** Who is told of the outcomes of a batch, each item's once. */
export interface BatchEvents {
  outcome(task: ParallelTask, outcome: Outcome): void
  /** The results of all of them. */
  fulfilled(tasks: readonly ParallelTask[], values: readonly unknown[]): void
}

/** One for all batches of so many first attempts. */
let firsts: readonly number[] = []

/** Tasks of a line on their way to a worker, and what has been said of them. */
export class SentBatch implements Batch {
  readonly tasks: readonly ParallelTask[]
  readonly worker: number
  readonly items: unknown[] = []
  readonly indexes: number[] = []
  readonly attempts: readonly number[]
  readonly keys: readonly number[] | undefined
  readonly stage: string
  readonly name: string
  readonly timeout: number | undefined
  readonly budget: number | undefined
  readonly transfer: Transferable[] = []
  readonly signal: AbortSignal
  busy: number | undefined = undefined
  /** Bytes that are moved; of what has been moved, nobody could say it. */
  readonly bytes: number
  readonly #events: BatchEvents
  /** Items without an outcome. */
  #left: number
  /** Which items have one, once there is one for some of them. */
  #reported: boolean[] | undefined

  constructor(tasks: readonly ParallelTask[], line: Line, worker: number, events: BatchEvents) {
    const { stage, name, timeout, moves, keyed, batch } = line.options
    this.tasks = tasks
    this.worker = worker
    this.stage = stage
    this.name = name
    this.timeout = timeout
    this.signal = line.controller.signal
    this.#events = events
    this.#left = tasks.length
    // What was moved cannot come back, and keys keep to their worker.
    this.budget = batch === undefined && !keyed && !moves && tasks.length > 1 ? BUDGET : undefined
    let bytes = 0
    let again = false
    for (const task of tasks) {
      this.items.push(task.item)
      this.indexes.push(task.index)
      if (task.crashes + task.retries > 0) again = true
      for (const part of task.moved) {
        this.transfer.push(part)
        if (part instanceof ArrayBuffer) bytes += part.byteLength
      }
    }
    this.bytes = bytes
    this.keys = keyed ? tasks.map(task => task.key as number) : undefined
    this.attempts = again ? tasks.map(task => task.crashes + task.retries + 1) : firstAttempts(tasks.length)
  }

  /** How many items nobody has said anything of. */
  get missing(): number {
    return this.#left
  }

  readonly report = (at: number, outcome: Outcome): void => {
    const task = this.tasks[at]
    // An executor of somebody's own may give anything: what is no outcome is missing.
    if (!STATUSES.includes(outcome?.status)) return
    if (!task || this.#left === 0 || this.signal.aborted) return
    this.#reported ??= []
    if (this.#reported[at]) return
    this.#reported[at] = true
    this.#left--
    this.#events.outcome(task, outcome)
  }

  readonly reportAll = (values: readonly unknown[]): void => {
    if (this.#reported || values.length !== this.tasks.length) {
      for (let at = 0; at < values.length; at++) this.report(at, { status: 'fulfilled', value: values[at] })
      return
    }
    if (this.#left === 0 || this.signal.aborted) return
    this.#left = 0
    this.#events.fulfilled(this.tasks, values)
  }
}

function firstAttempts(length: number): readonly number[] {
  if (firsts.length !== length) firsts = new Array<number>(length).fill(1)
  return firsts
}
