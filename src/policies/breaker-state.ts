import type { Wait } from '../engine/wait.ts'
import { BreakerOpenError, type TaskErrorDetails } from '../errors.ts'
import { show } from '../internal/check.ts'
import { isThenable } from '../internal/is-thenable.ts'

/** What a circuit breaker does with items: lets them through, refuses them, or tries with a few. */
export type CircuitState = 'closed' | 'open' | 'half-open'

/** What a breaker goes by. */
export interface Circuit {
  readonly failures: number
  readonly resetAfter: number
  readonly trials: number
  readonly when: ((error: unknown) => boolean) | undefined
  readonly onStateChange: ((state: CircuitState) => void) | undefined
}

/** A call that was let through: whose it is, and in which spell of closed or half-open it began. */
export type Ticket = number

/** An item that asks to be let through, and can be held back. */
export interface Held {
  readonly item: unknown
  readonly index: number
  readonly details: TaskErrorDetails
  /** Waits for something that an abort ends; `begin` gives what ends it. */
  wait<T>(
    wait: Omit<Wait, 'since'>,
    begin: (done: (value: T) => void, failed: (error: unknown) => void) => () => void,
  ): Promise<T>
  write(detail: string, stream: WritableStream, chunk: unknown): Promise<unknown>
}

/**
 * A circuit breaker's state. Each spell of being closed, open or half-open has a number: a call that ends in another
 * spell than the one in which it began changes nothing. The clock is looked at when somebody asks; the one timer runs
 * while items wait and it is open.
 */
export class BreakerState {
  readonly #circuit: Circuit
  readonly whileOpen: 'fail' | 'wait' | WritableStream
  #state: CircuitState = 'closed'
  #spell: Ticket = 1
  #openedAt = 0
  /** Trials of this spell that may still begin, and those that have not succeeded yet. */
  #begin = 0
  #open = 0
  failures = 0
  #reason = ''
  readonly #waiters = new Set<(ticket: Ticket) => void>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(circuit: Circuit, whileOpen: 'fail' | 'wait' | WritableStream) {
    this.#circuit = circuit
    this.whileOpen = whileOpen
  }

  get state(): CircuitState {
    return this.#state === 'open' && this.retryAfter === 0 ? 'half-open' : this.#state
  }

  get waiting(): number {
    return this.#waiters.size
  }

  /** Milliseconds until a trial may begin; 0 unless it is open. */
  get retryAfter(): number {
    if (this.#state !== 'open') return 0
    return Math.max(0, this.#openedAt + this.#circuit.resetAfter - performance.now())
  }

  /** Why calls are not let through, in a few words. */
  get why(): string {
    return this.#state === 'half-open' ? 'half-open, a trial is at work' : `open after ${this.#reason}`
  }

  /** Lets a call through, or not: 0. It never goes before somebody who waits. */
  tryEnter(): Ticket {
    return this.#waiters.size > 0 ? 0 : this.#admit()
  }

  /** Lets an item through, holds it back, refuses it, or sends it elsewhere: then gives nothing. */
  async pass(held: Held): Promise<Ticket | undefined> {
    const ticket = this.tryEnter()
    if (ticket > 0) return ticket
    const { whileOpen } = this
    if (whileOpen === 'fail') throw new BreakerOpenError(held.details, this.retryAfter)
    if (whileOpen === 'wait') {
      const until = performance.now() + this.retryAfter
      return held.wait({ on: 'breaker', detail: this.why, until }, go => this.enter(go))
    }
    await held.write(`item ${held.index}, which goes elsewhere`, whileOpen, held.item)
    return undefined
  }

  /** Calls `go` once a call may go through; gives a function that gives up. */
  enter(go: (ticket: Ticket) => void): () => void {
    this.#waiters.add(go)
    this.#arm()
    return () => {
      this.#waiters.delete(go)
      if (this.#waiters.size === 0) this.#disarm()
    }
  }

  succeeded(ticket: Ticket): void {
    if (ticket !== this.#spell) return
    this.failures = 0
    if (this.#state === 'half-open' && --this.#open === 0) this.#turn('closed')
  }

  failed(ticket: Ticket, error: unknown): void {
    if (ticket !== this.#spell) return
    let counts = true
    try {
      counts = this.#circuit.when?.(error) ?? true
      if (isThenable(counts))
        throw new TypeError(`circuitBreaker: when must give a boolean, gave ${show(counts)}`)
    } catch (thrown) {
      // Nobody knows how the call is to be judged; but a trial must not be lost.
      this.abandoned(ticket)
      throw thrown
    }
    if (!counts) {
      this.succeeded(ticket)
      return
    }
    this.failures++
    this.#reason =
      this.#state === 'half-open'
        ? 'a failed trial'
        : this.failures === 1
          ? 'a failure'
          : `${this.failures} failures`
    if (this.#state === 'half-open' || this.failures >= this.#circuit.failures) this.#turn('open')
  }

  /** Nobody will say how the call ended: a trial goes to somebody else. */
  abandoned(ticket: Ticket): void {
    if (ticket !== this.#spell || this.#state !== 'half-open') return
    this.#begin++
    this.#serve()
  }

  #admit(): Ticket {
    if (this.#state === 'open' && this.retryAfter === 0) this.#turn('half-open')
    if (this.#state === 'closed') return this.#spell
    if (this.#state === 'open' || this.#begin === 0) return 0
    this.#begin--
    return this.#spell
  }

  #turn(state: CircuitState): void {
    this.#state = state
    this.#spell++
    this.failures = 0
    if (state === 'open') this.#openedAt = performance.now()
    else this.#begin = this.#open = this.#circuit.trials
    this.#disarm()
    this.#arm()
    const { onStateChange } = this.#circuit
    if (onStateChange) Promise.resolve(state).then(onStateChange)
    if (state === 'closed') this.#serve()
  }

  /** Lets those through who wait, in their order, for as long as it lets anybody through. */
  #serve(): void {
    for (const go of this.#waiters) {
      const ticket = this.#admit()
      if (ticket === 0) break
      this.#waiters.delete(go)
      go(ticket)
    }
    this.#arm()
  }

  #arm(): void {
    if (this.#waiters.size === 0 || this.#timer !== undefined || this.#state !== 'open') return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#serve()
    }, Math.ceil(this.retryAfter))
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
