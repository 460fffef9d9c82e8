import { ItemScope, type Scope } from '../engine/item-scope.ts'
import { FAILED, SKIP } from '../engine/step.ts'
import type { Wait } from '../engine/wait.ts'
import { type TaskErrorDetails, TaskTimeoutError } from '../errors.ts'
import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import type { Held, Ticket } from './breaker-state.ts'
import type { Guarded } from './guarded-step.ts'
import type { Policy } from './item-policies.ts'
import { SKIP_ITEM } from './on-error.ts'
import { delayAfter } from './retry.ts'
import { writeTo } from './shared-writer.ts'

/** One item on its way through a function's policies: its attempts, and what is done when they have failed. */
export class GuardedItem<I> implements Scope, Held {
  readonly item: I
  readonly index: number
  /** What it waits for at the moment, apart from its function. */
  waits: Wait | undefined
  readonly #guarded: Guarded<I>
  /** Attempts begun, and calls of the function: fewer where a breaker is open, more where a policy retries. */
  attempts = 0
  calls = 0
  /** The latest call's context. */
  #scope: ItemScope | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Given to a policy, so that it gives up. */
  #controller: AbortController | undefined
  /** Ends what is waited for. */
  #stop: (reason: unknown) => void = noop
  #aborted: { readonly reason: unknown } | undefined
  /** It has failed for good, and something takes the place of its result. */
  #givenUp = false
  /** The breaker's, while it has not been told how the attempt ended. */
  #ticket: Ticket = 0

  constructor(guarded: Guarded<I>, item: I, index: number) {
    this.#guarded = guarded
    this.item = item
    this.index = index
  }

  /** Begins with the first attempt: a promise of the step's answer. */
  start(): Promise<unknown> {
    return this.#try()
  }

  /** The function has been called a first time, with this context if it takes one. */
  attempted(scope?: ItemScope): void {
    this.attempts = this.calls = 1
    this.#scope = scope
  }

  /** The function has been called a first time, and has given a promise: a promise of the step's answer. */
  pending(result: unknown, scope: ItemScope | undefined): Promise<unknown> {
    this.attempted(scope)
    return this.#timed(result).then(this.#guarded.answer, error => this.recover(error))
  }

  /** The function has been called a first time, and has thrown: the step's answer, or a promise of it. */
  threw(error: unknown): unknown {
    this.attempted()
    return this.recover(error)
  }

  /**
   * The latest attempt has failed: tries again, or says what becomes of the item.
   *
   * @param again Whether another attempt is possible: of what the item expands to, a part may have been given out.
   */
  recover(error: unknown, again = true): unknown {
    this.#failed(error)
    // What was given in its place has failed as well: that was the last word.
    if (this.#aborted || this.#givenUp) throw error
    const wait = again ? this.#delayAfter(error) : undefined
    return wait === undefined ? this.#giveUp(error) : this.#try(wait)
  }

  /** What the item expands to has come to its end. */
  ended(): void {
    this.#guarded.plan.breaker?.succeeded(this.#ticket)
    this.#ticket = 0
  }

  abort(reason: unknown): void {
    this.#aborted = { reason }
    this.#failed(reason)
    clearTimeout(this.#timer)
    this.#scope?.abort(reason)
    this.#controller?.abort(reason)
    this.#stop(reason)
  }

  /** Milliseconds until the next attempt; undefined: there is none. */
  #delayAfter(error: unknown): number | undefined {
    const { item, index, attempts: attempt } = this
    return delayAfter(this.#guarded.plan.retry, error, { item, index, attempt })
  }

  /** Attempts, each after its wait, until one succeeds or there are no more. */
  async #try(before?: number): Promise<unknown> {
    for (let wait = before; ; ) {
      if (wait !== undefined) await this.#pause(wait)
      this.attempts++
      try {
        return await this.#attempt()
      } catch (error) {
        if (this.#aborted) throw error
        wait = this.#delayAfter(error)
        if (wait === undefined) return this.#giveUp(error)
      }
    }
  }

  /** One attempt, if the breaker lets it. */
  async #attempt(): Promise<unknown> {
    const { plan, answer } = this.#guarded
    const { breaker, policy } = plan
    const ticket = breaker ? await breaker.pass(this) : 0
    if (ticket === undefined) return SKIP
    this.#ticket = ticket
    let result: unknown
    try {
      if (this.#aborted) throw this.#aborted.reason
      result = await (policy ? this.#underPolicy(policy) : this.#call())
    } catch (error) {
      this.#failed(error)
      throw error
    }
    if (!this.#guarded.expands) this.ended()
    return answer(result)
  }

  /** Tells the breaker that the attempt has failed, or that nobody will know. */
  #failed(error: unknown): void {
    const { breaker } = this.#guarded.plan
    const ticket = this.#ticket
    this.#ticket = 0
    if (this.#aborted) breaker?.abandoned(ticket)
    else breaker?.failed(ticket, error)
  }

  #underPolicy(policy: Policy): unknown {
    this.#controller ??= new AbortController()
    return policy.execute(context => this.#call(context?.signal), this.#controller.signal)
  }

  /** Calls the function; its context's signal fires with the one given. */
  async #call(signal?: AbortSignal): Promise<unknown> {
    const { call } = this.#guarded
    const scope = new ItemScope(this.index, ++this.calls)
    this.#scope = scope
    const onAbort = (): void => scope.abort(signal?.reason)
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort)
    try {
      return await this.#timed(
        call.length === 1 ? (call as (item: I) => unknown)(this.item) : call(this.item, scope),
      )
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** It has taken too long: its signal fires with the error that this gives. */
  expire(scope = this.#scope): TaskTimeoutError {
    const error = new TaskTimeoutError(this.details, this.#guarded.plan.timeout as number)
    scope?.abort(error)
    return error
  }

  /** Awaits a result for as long as it may take. */
  #timed(result: unknown): Promise<unknown> {
    const { timeout } = this.#guarded.plan
    const promise = Promise.resolve(result)
    if (timeout === undefined || !isThenable(result)) return promise
    const scope = this.#scope
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.expire(scope)), timeout)
      this.#timer = timer
      promise.finally(() => clearTimeout(timer)).then(resolve, reject)
    })
  }

  #giveUp(error: unknown): unknown {
    this.#givenUp = true
    const { item, index, calls: attempts } = this
    const { answer, plan, stage } = this.#guarded
    const { deadLetter, onError } = plan
    const replace = (given: unknown): unknown => (given === FAILED ? FAILED : answer(given))
    const verdict = (): unknown => {
      if (onError === 'fail') throw error
      if (onError === 'skip') return FAILED
      const given = onError(error, item, { index, attempts, skip: SKIP_ITEM })
      return isThenable(given) ? Promise.resolve(given).then(replace) : replace(given)
    }
    if (!deadLetter) return verdict()
    const letter = { item, error, stage, attempts, at: Date.now(), index }
    return this.write(`the letter of item ${index}`, deadLetter, letter).then(verdict)
  }

  get details(): TaskErrorDetails {
    return { stage: this.#guarded.stage, item: this.item, index: this.index }
  }

  #pause(ms: number): Promise<unknown> {
    const detail = `attempt ${this.attempts + 1} of item ${this.index}`
    return this.wait({ on: 'timer', detail, until: performance.now() + ms }, done => {
      const timer = setTimeout(done, ms)
      return () => clearTimeout(timer)
    })
  }

  write(detail: string, stream: WritableStream, chunk: unknown): Promise<unknown> {
    return this.wait({ on: 'deadLetter', detail }, (done, failed) => {
      writeTo(stream, chunk).then(done, failed)
      return noop
    })
  }

  /** Waits for something that an abort ends; `begin` gives what ends it. */
  wait<T>(
    wait: Omit<Wait, 'since'>,
    begin: (done: (value: T) => void, failed: (error: unknown) => void) => () => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#aborted) throw this.#aborted.reason
      this.waits = { ...wait, since: performance.now() }
      this.#guarded.waiting?.add(this)
      const end = begin(resolve, reject)
      this.#stop = reason => {
        end()
        reject(reason)
      }
    }).finally(() => {
      this.waits = undefined
      this.#guarded.waiting?.delete(this)
      this.#stop = noop
    })
  }
}
