import type { Batch, Outcome } from './executor.ts'
import type { OutMessage, RunMessage } from './messages.ts'
import { onAbort } from './on-abort.ts'
import { decodeError } from './wire-error.ts'

/** A batch at a seat, and who waits for it. */
export class SeatJob {
  readonly id: number
  readonly batch: Batch
  /** The first item's number among all that the worker was given. */
  serial = 0
  /** Items without an outcome. */
  left: number
  /** Which items have an outcome, once some of them do and others do not. */
  readonly #settled: boolean[] = []
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  readonly #forget: () => void
  /** Ends the wait for work that was told to stop. */
  timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    id: number,
    batch: Batch,
    onStop: (job: SeatJob) => void,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.id = id
    this.batch = batch
    this.left = batch.items.length
    this.#resolve = resolve
    this.#reject = reject
    this.#forget = onAbort(batch.signal, () => onStop(this))
  }

  message(): RunMessage {
    const { stage, name, items, indexes, attempts, keys, timeout, budget } = this.batch
    const [first = 0] = indexes
    const inRow = indexes[items.length - 1] === first + items.length - 1
    const message: { -readonly [K in keyof RunMessage]: RunMessage[K] } = {
      type: 'run',
      id: this.id,
      stage,
      name,
      items,
      indexes: inRow ? first : indexes,
      serial: this.serial,
    }
    if (attempts.some(attempt => attempt > 1)) message.attempts = attempts
    if (keys) message.keys = keys
    if (timeout !== undefined) message.timeout = timeout
    if (budget !== undefined) message.budget = budget
    return message
  }

  /** The place of the item with this number, while it is without an outcome. */
  placeOf(serial: number): number | undefined {
    const at = serial - this.serial
    return at >= 0 && at < this.batch.items.length && this.#isOpen(at) ? at : undefined
  }

  /** The numbers of the items without an outcome. */
  open(): number[] {
    return this.batch.items.flatMap((_, at) => (this.#isOpen(at) ? [this.serial + at] : []))
  }

  report(at: number, outcome: Outcome): void {
    if (!this.#isOpen(at)) return
    this.#settled[at] = true
    this.left--
    this.batch.report(at, outcome)
  }

  #isOpen(at: number): boolean {
    return this.left > 0 && !this.#settled[at]
  }

  /** Reports what a message says; gives how many items have been worked on. */
  take({ ats, values, errors, late, unstarted }: OutMessage, trail: string): number {
    const { indexes, items, stage } = this.batch
    // What nearly every batch is.
    if (!ats && !errors && values.length === items.length && this.left === items.length) {
      this.left = 0
      this.batch.reportAll(values)
      return values.length
    }
    for (const [place, error] of errors ?? []) {
      const at = ats?.[place] ?? place
      const reason = decodeError(error, trail, { index: indexes[at], stage })
      this.report(at, { status: 'rejected', reason })
    }
    for (let place = 0; place < values.length; place++) {
      this.report(ats?.[place] ?? place, { status: 'fulfilled', value: values[place] })
    }
    for (const at of late ?? []) this.report(at, { status: 'timedOut' })
    for (const at of unstarted ?? []) this.report(at, { status: 'unstarted' })
    return values.length + (late?.length ?? 0)
  }

  finish(): void {
    this.#release()
    this.#resolve()
  }

  /** It cannot be worked on, whatever is tried. */
  break(error: unknown): void {
    this.#release()
    this.#reject(error)
  }

  #release(): void {
    clearTimeout(this.timer)
    this.#forget()
  }
}
