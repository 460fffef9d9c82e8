import type { Transferable } from '../internal/platform-types.ts'
import { said } from '../internal/said.ts'
import type { OutMessage, RunMessage } from './messages.ts'
import type { ItemTask } from './task-context.ts'
import type { Task } from './task-module.ts'
import type { WireError } from './wire-error.ts'

/** A batch in a worker: what is still to be started, and what is still to be sent. */
export class HostJob {
  readonly id: number
  readonly task: Task
  readonly items: readonly unknown[]
  readonly keys: readonly number[] | undefined
  readonly timeout: number | undefined
  readonly budget: number | undefined
  readonly serial: number
  /** Items not finished. */
  left: number
  /** When its first item was started, by `performance.now()`; 0: not yet. */
  started = 0
  /** When results were sent last. */
  flushed = performance.now()
  /** Somebody will send what has finished. */
  lingering = false
  unstarted: number[] | undefined
  /** Contexts of the items whose promises are pending. */
  readonly tasks = new Map<number, ItemTask>()
  /** Parts of the results that are moved. */
  #moved: Transferable[] = []
  readonly #stage: string
  readonly #indexes: readonly number[] | number
  readonly #attempts: readonly number[] | undefined
  /** The first item that was not started. */
  #next = 0
  /** Later items that were started before it: theirs is another key. */
  readonly #ahead = new Set<number>()
  #ats: number[] = []
  #values: unknown[] = []
  #errors: [number, WireError][] = []
  #late: number[] = []

  constructor(message: RunMessage, task: Task) {
    this.id = message.id
    this.task = task
    this.items = message.items
    this.keys = message.keys
    this.timeout = message.timeout
    this.budget = message.budget
    this.serial = message.serial
    this.left = message.items.length
    this.#stage = message.stage
    this.#indexes = message.indexes
    this.#attempts = message.attempts
  }

  /** Items finished and not sent. */
  get finished(): number {
    return this.#values.length + this.#late.length
  }

  indexOf(place: number): number {
    return typeof this.#indexes === 'number' ? this.#indexes + place : (this.#indexes[place] as number)
  }

  attemptOf(place: number): number {
    return this.#attempts?.[place] ?? 1
  }

  /** The next item to start: the first one whose key is not at work. */
  take(busy: ReadonlySet<number>): number | undefined {
    while (this.#ahead.delete(this.#next)) this.#next++
    if (!this.keys || busy.size === 0) {
      return this.#next < this.items.length ? this.#next++ : undefined
    }
    for (let place = this.#next; place < this.items.length; place++) {
      if (this.#ahead.has(place) || busy.has(this.keys[place] as number)) continue
      this.#ahead.add(place)
      return place
    }
    return undefined
  }

  /** Gives up what has not been started. */
  dropRest(): number[] {
    const rest: number[] = []
    for (let place = this.#next; place < this.items.length; place++) {
      if (!this.#ahead.has(place)) rest.push(place)
    }
    this.#next = this.items.length
    return rest
  }

  done(place: number, value: unknown, moved?: readonly Transferable[]): void {
    if (moved) this.#moved.push(...moved)
    this.#ats.push(place)
    this.#values.push(value)
    this.left--
  }

  failed(place: number, error: WireError): void {
    this.#errors.push([this.#values.length, error])
    this.done(place, undefined)
  }

  late(place: number): void {
    this.#late.push(place)
    this.left--
  }

  /** What has finished since the last time, as a message. */
  out(end: OutMessage['end']): { message: OutMessage; moved: Transferable[] } {
    const whole = this.#ats.length === this.items.length && this.#ats.every((place, at) => place === at)
    const message: { -readonly [K in keyof OutMessage]: OutMessage[K] } = {
      type: 'out',
      id: this.id,
      values: this.#values,
    }
    if (!whole) message.ats = this.#ats
    if (this.#errors.length > 0) message.errors = this.#errors
    if (this.#late.length > 0) message.late = this.#late
    if (this.unstarted) message.unstarted = this.unstarted
    if (end) message.end = end
    // Results may be views of one buffer, which can be moved but once.
    const moved = this.#moved.length > 1 ? [...new Set(this.#moved)] : this.#moved
    this.flushed = performance.now()
    this.unstarted = undefined
    this.#moved = []
    this.#ats = []
    this.#values = []
    this.#errors = []
    this.#late = []
    return { message, moved }
  }

  /** The same message with an error in place of each value that cannot be sent. */
  withoutUncloneable(message: OutMessage, cause: unknown, encode: (error: unknown) => WireError): OutMessage {
    const values = [...message.values]
    const errors = [...(message.errors ?? [])]
    let found = false
    const refuse = (at: number, error: unknown): void => {
      const place = message.ats?.[at] ?? at
      const text = `${this.#stage}: the result of item ${this.indexOf(place)} cannot be sent back: ${said(error)}. Return plain data, without functions or streams, or name what can be moved with context.transfer()`
      values[at] = undefined
      found = true
      errors.push([at, encode(new TypeError(text, { cause: error }))])
    }
    for (let at = 0; at < values.length; at++) {
      try {
        structuredClone(values[at])
      } catch (error) {
        refuse(at, error)
      }
    }
    // The parts to move were the fault: nobody knows whose they were.
    if (!found) for (let at = 0; at < values.length; at++) refuse(at, cause)
    return { ...message, values, errors }
  }
}
