import { type Ending, Operator } from '../engine/operator.ts'
import type { Downstream } from '../engine/protocol.ts'
import { FAILED, SKIP } from '../engine/step.ts'
import type { Wait } from '../engine/wait.ts'
import { TaskTimeoutError } from '../errors.ts'
import { deferred } from '../internal/deferred.ts'
import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import { Ring } from '../internal/ring.ts'
import { GuardedItem } from '../policies/guarded-item.ts'
import type { PolicyPlan } from '../policies/item-policies.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { Outcome } from './executor.ts'
import type { Line } from './line.ts'
import type { ParallelPlan } from './parallel-plan.ts'
import { ParallelTask } from './parallel-task.ts'
import { WorkerCrashError } from './task-errors.ts'
import { taskOf } from './task-of.ts'

/** How full the inbox, or the stage, must be for a further worker. */
const PRESSURE = 0.8

/**
 * Has items worked on by a pool: at most `window` are inside, whether they wait for a worker, are at one, or wait for
 * their turn to leave.
 */
export class ParallelOperator<I, O> extends Operator<I, O> {
  readonly #pool: Dispatcher
  readonly #plan: ParallelPlan<I>
  readonly #line: Line<I>
  /** Part of the inbox in use; undefined without one. */
  readonly #pressure: (() => number) | undefined
  /** All tasks inside (ordered), or the settled ones (unordered), in the order in which they leave. */
  readonly #leaving = new Ring<ParallelTask<I>>()
  readonly #onAbort = (): void => this.#abortBy(this.#plan.signal?.reason)
  /** The limit when an item was asked for last. */
  #granted = 0
  /** Looks again whether there are enough workers. */
  #growth: ReturnType<typeof setTimeout> | undefined
  #wanted = false
  #flushing = false
  #stalled = true
  /** An item failed and will be reported in its turn: no further item is started. */
  #broken = false
  #ending: Ending | undefined
  /** The pool takes nothing more: how the stage fails once what is inside has come out. */
  #shut: TypeError | undefined
  #closing = false
  /** Items that are neither at a worker nor settled: they wait for a further attempt, a breaker, a dead letter. */
  readonly guarded = new Set<GuardedItem<I>>()

  constructor(down: Downstream<O>, pool: Dispatcher, plan: ParallelPlan<I>, pressure?: () => number) {
    super(down)
    this.#pool = pool
    this.#plan = plan
    this.#pressure = pressure
    const { stage, name, batch, timeout, key, transfer, signal } = plan
    this.#line = pool.open<I>(
      { stage, name, batch, timeout, moves: transfer !== undefined, keyed: key !== undefined },
      {
        outcome: (task, outcome) => this.#outcome(task, outcome),
        fulfilled: (tasks, values) => this.#fulfilled(tasks, values),
        ended: () => this.#refill(),
        broken: error => this.raise(error),
        closing: () => {
          this.#shut = new TypeError(`${stage}: the pool is closed`)
          this.#flush()
        },
      },
    )
    signal?.addEventListener('abort', this.#onAbort)
    // Whoever made this operator gets hold of it first.
    if (signal?.aborted) queueMicrotask(this.#onAbort)
    else if (pool.closed) queueMicrotask(() => this.raise(new TypeError(`${stage}: the pool is closed`)))
  }

  /** The most items that may be inside; it was larger when the last one was asked for, if batches have become smaller since. */
  get window(): number {
    return Math.max(this.#granted, this.#limit)
  }

  /**
   * Twice what the workers take, so that quick items need not wait for slow ones before them. What is moved takes memory
   * for as long as it is inside: of that, no more than the workers take.
   */
  get #limit(): number {
    const taken = this.#pool.takes(this.#line)
    return this.#plan.transfer ? taken : 2 * taken
  }

  get unordered(): boolean {
    return !this.#plan.ordered
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    const index = this.entered++
    // Inside, though never worked on: discarded when the error comes out in its turn.
    if (this.#broken) return false
    const task = taskOf(this.#plan, item, index)
    if (this.#plan.ordered) this.#leaving.push(task)
    if (task.state === 'open') this.#begin(task)
    if (this.#pool.mayGrow) this.#growIfCrowded()
    const more = this.#hasRoom(0)
    this.#line.full = this.#stalled = !more
    if (more) this.#granted = this.#limit
    return more
  }

  /** Asks for a worker where there is more work than the present ones can do, and again for as long as that is so. */
  #growIfCrowded(): void {
    if (this.#line.sizes.light) return
    const used = this.#pressure ? this.#pressure() : this.inside / this.#limit
    if (this.#growth !== undefined || used <= PRESSURE) return
    const wait = this.#pool.grow()
    if (!this.#pool.mayGrow) return
    this.#growth = setTimeout(
      () => {
        this.#growth = undefined
        this.#growIfCrowded()
        this.#refill()
      },
      Math.max(1, wait),
    )
  }

  override waitsOn(): Wait | undefined {
    const first = this.#leaving.peek()
    if (this.inside === 0 || (first && first.state !== 'open')) return
    const slowest = this.#pool.slowest(this.#line)
    const held = [...this.guarded].filter(item => item.waits)
    // In order, the first one blocks the others; else only where no other one is at work.
    const blocking = first ? held.find(item => item.index === first.index) : slowest ? undefined : held[0]
    if (blocking) return blocking.waits
    if (!slowest) {
      // At nothing that it tells of, and with nothing for a worker: its `onError` or its policy has not come back.
      const [own] = this.#line.waiting ? [] : this.guarded
      return own ? { on: 'function', detail: `item ${own.index}` } : { on: 'worker', detail: 'none is free' }
    }
    const { worker, index, stage, since } = slowest
    const { state } = this.#pool.stats().find(each => each.worker === worker) ?? {}
    if (state === 'starting') return { on: 'worker', detail: `worker ${worker}, still in its setup`, since }
    const other = stage === undefined || stage === this.#plan.stage ? '' : ` of ${stage}`
    const item = index === undefined ? '' : `, at item ${index}${other}`
    return { on: 'worker', detail: `worker ${worker}${item}`, since }
  }

  override resume(): void {
    this.#wanted = true
    this.#flush()
    this.#refill()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  override cancel(reason: unknown): Promise<void> | undefined {
    const cleanup = super.cancel(reason)
    if (!this.#plan.owned) return cleanup
    return Promise.all([cleanup, this.#pool.close()]).then(noop)
  }

  protected override discard(reason: unknown): void {
    this.#release(reason)
    for (const item of this.guarded) item.abort(reason)
    this.guarded.clear()
    this.#leaving.clear()
  }

  /** Lets go of the pool: one of our own ends as soon as what is at work has stopped. */
  #release(reason: unknown): void {
    this.#plan.signal?.removeEventListener('abort', this.#onAbort)
    clearTimeout(this.#growth)
    this.#pool.leave(this.#line, reason)
    if (this.#plan.owned) this.#pool.close()
  }

  #begin(task: ParallelTask<I>): void {
    const { policies } = this.#plan
    if (policies?.breaker || policies?.policy) {
      const item = this.#guard(task)
      this.#follow(task, item, () => item.start())
    } else this.#pool.push(this.#line, task)
  }

  #outcome(task: ParallelTask<I>, outcome: Exclude<Outcome, { status: 'unstarted' }>): void {
    if (this.over) return
    const { stage, timeout = 0, crashRetries } = this.#plan
    const { item, index } = task
    switch (outcome.status) {
      case 'fulfilled':
        if (task.outcome) task.outcome.resolve(outcome.value)
        else this.#settle(task, 'done', outcome.value)
        break
      case 'rejected':
        this.#fail(task, outcome.reason, task.crashes + 1)
        break
      case 'timedOut':
        this.#fail(task, new TaskTimeoutError({ stage, item, index }, timeout), task.crashes + 1)
        break
      case 'crashed':
        if (++task.crashes <= crashRetries && !task.gone) {
          task.alone = true
          this.#pool.again(this.#line, task)
        } else {
          const error = new WorkerCrashError({ stage, item, index }, task.crashes, outcome.reason)
          this.#fail(task, error, task.crashes)
        }
    }
  }

  #fulfilled(tasks: readonly ParallelTask<I>[], values: readonly unknown[]): void {
    if (this.over) return
    const { ordered } = this.#plan
    for (let at = 0; at < tasks.length; at++) {
      const task = tasks[at] as ParallelTask<I>
      if (task.outcome) task.outcome.resolve(values[at])
      else {
        task.state = 'done'
        task.result = values[at]
        if (!ordered) this.#leaving.push(task)
      }
    }
    if (this.#leaving.peek()?.state !== 'open') this.#flush()
  }

  /** An attempt has failed, for which workers were given the item `tries` times. */
  #fail(task: ParallelTask<I>, error: unknown, tries: number): void {
    task.tries = tries
    if (task.outcome) task.outcome.reject(error)
    else if (this.#plan.policies) {
      const item = this.#guard(task, 1, tries)
      this.#follow(task, item, () => item.recover(error, !task.gone))
    } else this.#settle(task, 'failed', error)
  }

  /** What is done about an item here, in between its attempts at the workers. */
  #guard(task: ParallelTask<I>, attempts = 0, calls = 0): GuardedItem<I> {
    const { stage, policies } = this.#plan
    let tries = attempts
    const call = () => {
      // Each attempt by itself: what comes of one that was given up does not count for the next.
      const attempt = new ParallelTask(task.item, task.index, task.key, task.moved)
      if (tries > 0 && task.gone)
        throw new TypeError(`${stage}: parts of item ${task.index} were moved; it cannot run again`)
      attempt.retries = tries++
      attempt.outcome = deferred()
      if (tries === 1) this.#pool.push(this.#line, attempt)
      else this.#pool.again(this.#line, attempt)
      return attempt.outcome.promise.finally(() => {
        guard.calls += attempt.tries - 1
      })
    }
    const plan = policies as PolicyPlan<I>
    const guard = new GuardedItem({ stage, plan, call, answer: result => result }, task.item, task.index)
    guard.attempts = attempts
    guard.calls = calls
    return guard
  }

  #follow(task: ParallelTask<I>, item: GuardedItem<I>, run: () => unknown): void {
    const answered = (answer: unknown): void => {
      if (answer === FAILED || answer === SKIP) this.#settle(task, answer === FAILED ? 'skipped' : 'diverted')
      else this.#settle(task, 'done', answer)
    }
    try {
      const answer = run()
      if (!isThenable(answer)) {
        answered(answer)
        return
      }
      this.guarded.add(item)
      // A policy's callback has ended the stage.
      if (this.over) item.abort(this.reason)
      Promise.resolve(answer)
        .finally(() => this.guarded.delete(item))
        .then(answered, error => this.#settle(task, 'failed', error))
    } catch (error) {
      this.#settle(task, 'failed', error)
    }
  }

  #settle(task: ParallelTask<I>, state: ParallelTask['state'], result?: unknown): void {
    if (this.over) return
    task.state = state
    task.result = result
    if (state === 'failed') this.#broken = true
    this.#settled(task)
  }

  #settled(task: ParallelTask<I>): void {
    if (!this.#plan.ordered) this.#leaving.push(task)
    if (this.#leaving.peek()?.state !== 'open') this.#flush()
  }

  #flush(): void {
    if (this.#flushing || this.over) return
    this.#flushing = true
    for (let task = this.#leaving.peek(); task && task.state !== 'open'; task = this.#leaving.peek()) {
      if (task.state === 'failed') {
        this.failed++
        this.raise(task.result)
        return
      }
      if (task.state === 'skipped' || task.state === 'diverted') {
        this.#leaving.shift()
        if (task.state === 'skipped') this.failed = ++this.leftOut
        else this.done++
        continue
      }
      if (!this.#wanted) break
      this.#leaving.shift()
      this.done++
      this.emitted++
      this.#wanted = false
      if (this.down.next(task.result as O)) this.#wanted = true
      if (this.over) return
    }
    this.#flushing = false
    if (this.#ending && this.inside === 0) this.#close(this.#ending)
    else if (this.#shut && this.inside === 0) this.raise(this.#shut)
    else if (this.#stalled && this.#hasRoom(this.#line.size >> 1)) this.#refill()
    else if (this.inside === 0) this.up.idle()
  }

  #refill(): void {
    if (!this.#stalled || !this.#hasRoom(0)) return
    this.#line.full = this.#stalled = false
    this.#granted = this.#limit
    this.up.resume()
  }

  #hasRoom(margin: number): boolean {
    return !this.over && !this.#broken && !this.#ending && !this.#shut && this.inside + margin < this.#limit
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#ending = ending
    this.#line.full = false
    this.#flush()
  }

  /** The last item is out: the pool ends before the stage does. */
  #close(ending: Ending): void {
    if (this.#closing) return
    this.#closing = true
    this.#release(undefined)
    if (!this.#plan.owned) {
      this.settle(ending)
      return
    }
    this.#pool.close().then(
      () => this.settle(ending),
      error => this.raise(error),
    )
  }

  #abortBy(reason: unknown): void {
    if (this.over) return
    this.over = true
    this.reason = reason
    this.discard(reason)
    this.up.cancel(reason)?.catch(noop)
    this.onOver()
    this.down.abort(reason)
  }
}
