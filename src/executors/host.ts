import { isThenable } from '../internal/is-thenable.ts'
import type { Transferable } from '../internal/platform-types.ts'
import { HostJob } from './host-job.ts'
import type { Attach, FromWorker, OutMessage, RunMessage, ToWorker } from './messages.ts'
import type { Progress } from './progress.ts'
import { ItemTask } from './task-context.ts'
import { type Task, type TaskModule, taskOf } from './task-module.ts'
import { encodeError, type WireError } from './wire-error.ts'

/** How a host reaches the other side. */
export interface HostPort {
  post(message: FromWorker, transfer: Transferable[]): void
  /** Runs `task` in a later turn of the event loop. */
  hop(task: () => void): void
  readonly progress: Progress | undefined
  /** Bytes in use. */
  memory?(): number
  /** How errors cross; absent: encoded. */
  encode?(error: unknown): WireError
}

/** Calls the user's function. A stack is cut at this name: what is below is ours. */
function callTask(task: Task, item: unknown, context?: ItemTask): unknown {
  return context ? task(item, context) : (task as (item: unknown) => unknown)(item)
}

/** How long items may follow each other without a turn of the event loop, in milliseconds. */
const HOLD = 8
/** How long results wait for further ones, in milliseconds. */
const LINGER = 4

/**
 * What runs in a worker: takes batches, calls the function with each item, up to `overlap` at the same time where it
 * gives promises, and sends the results back in as few messages as do not make anybody wait.
 */
export class Host {
  readonly #module: TaskModule
  readonly #attach: Omit<Attach, 'module'>
  readonly #port: HostPort
  readonly #jobs: HostJob[] = []
  readonly #encode: (error: unknown) => WireError
  /** Places of the items at work, by number; a free place is taken again. */
  readonly #free: number[] = []
  /** Keys of the items at work. */
  readonly #keys = new Set<number>()
  #running = 0
  #pumping = false
  /** The event loop has not had a turn since then. */
  #turn = 0
  #hopping = false
  #flushing = false
  #ending = false
  #stuck = false

  constructor(module: TaskModule, attach: Omit<Attach, 'module'>, port: HostPort) {
    this.#module = module
    this.#attach = attach
    this.#port = port
    this.#encode = port.encode ?? encodeError
    for (let place = attach.overlap - 1; place >= 0; place--) this.#free.push(place)
  }

  /** Checks the exports and calls `setup`. */
  async start(file: string): Promise<void> {
    const where = `${this.#attach.where}: ${file}`
    for (const name of this.#attach.names) taskOf(this.#module, name, where)
    const { setup } = this.#module
    if (typeof setup === 'function') await setup(this.#attach.data)
  }

  receive(message: ToWorker): void {
    if (message.type === 'run') this.#accept(message)
    else if (message.type === 'cancel') this.#cancel(message.ids)
    else {
      this.#ending = true
      this.#endIfIdle()
    }
  }

  #accept(message: RunMessage): void {
    let task: Task
    try {
      task = taskOf(this.#module, message.name, message.stage)
    } catch (error) {
      this.#port.post({ type: 'broken', id: message.id, error: this.#encode(error) }, [])
      return
    }
    this.#jobs.push(new HostJob(message, task))
    this.#pump()
  }

  #cancel(ids: readonly number[]): void {
    const jobs = this.#jobs.filter(each => ids.includes(each.id))
    for (const job of jobs) job.left -= job.dropRest().length
    for (const job of jobs) {
      for (const task of job.tasks.values())
        task.abort(new DOMException('The result is not wanted', 'AbortError'))
      this.#finishIfDone(job)
    }
  }

  /** Starts what may start. */
  #pump(): void {
    if (this.#pumping || this.#hopping) return
    this.#pumping = true
    const start = performance.now()
    if (this.#turn === 0) {
      this.#turn = start
      this.#port.hop(() => {
        this.#turn = 0
      })
    }
    let looked = start
    let stride = 1
    let left = 1
    outer: for (let at = 0; at < this.#jobs.length; ) {
      const job = this.#jobs[at] as HostJob
      if (looked - this.#turn > HOLD) {
        this.#hop()
        break
      }
      job.started ||= looked
      for (;;) {
        if (this.#running >= this.#attach.overlap) break outer
        const place = job.take(this.#keys)
        if (place === undefined) break
        this.#run(job, place)
        if (--left > 0 && job.left > 0) continue
        const time = performance.now()
        // Slow items bring the looks at the clock closer together.
        stride = Math.max(1, Math.min(64, stride * 2, Math.floor((0.5 * stride) / (time - looked))))
        left = stride
        looked = time
        // The last one: its results go first.
        if (job.left === 0) break
        if (job.budget !== undefined && time - job.started > job.budget) this.#giveBack(job)
        if (time - this.#turn > HOLD) {
          this.#hop()
          break outer
        }
        if (time - job.flushed > LINGER && job.finished > 0) this.#flush(job)
      }
      if (this.#finishIfDone(job)) continue
      // Items of one key wait for each other; those of others need not.
      at++
    }
    this.#pumping = false
    // What has finished need not wait for the promises that are still pending.
    this.#sendLater()
  }

  /** Lets timers, I/O and further messages have their turn. */
  #hop(): void {
    for (const job of this.#jobs) if (job.finished > 0) this.#flush(job)
    this.#hopping = true
    this.#port.hop(() => {
      this.#hopping = false
      this.#pump()
    })
  }

  #giveBack(job: HostJob): void {
    const rest = job.dropRest()
    if (rest.length === 0) return
    job.left -= rest.length
    job.unstarted = rest
    // Other workers may have nothing to do, and this one's item may take its time.
    if (job.left > 0) this.#flush(job)
  }

  #run(job: HostJob, place: number): void {
    const { progress } = this.#port
    progress?.sync(job.serial + place, job.timeout !== undefined)
    let context: ItemTask | undefined
    try {
      let result: unknown
      const { task } = job
      if (task.length === 1) result = callTask(task, job.items[place])
      else {
        context = new ItemTask(
          job.indexOf(place),
          job.attemptOf(place),
          this.#attach.worker,
          this.#attach.data,
        )
        result = callTask(task, job.items[place], context)
      }
      if (isThenable(result)) this.#await(job, place, context, result)
      else job.done(place, result, context?.moved)
    } catch (error) {
      job.failed(place, this.#encode(error))
    }
    progress?.sync(-1, false)
  }

  #await(job: HostJob, place: number, context: ItemTask | undefined, result: PromiseLike<unknown>): void {
    const { progress } = this.#port
    const lane = this.#free.pop() as number
    const key = job.keys?.[place]
    this.#running++
    progress?.async(lane, job.serial + place)
    if (key !== undefined) this.#keys.add(key)
    if (context) job.tasks.set(place, context)
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const leave = (): void => {
      over = true
      clearTimeout(timer)
      this.#free.push(lane)
      this.#running--
      progress?.async(lane, -1)
      if (key !== undefined) this.#keys.delete(key)
      job.tasks.delete(place)
      this.#soon()
    }
    if (job.timeout !== undefined) {
      const tooLong = (): void => {
        if (over) return
        context?.abort(new DOMException('The item took too long', 'TimeoutError'))
        job.late(place)
        leave()
        // It may have heard the signal; if it goes on all the same, this worker is not to be trusted with more.
        timer = setTimeout(() => {
          if (this.#stuck) return
          this.#stuck = true
          this.#port.post({ type: 'stuck' }, [])
        }, this.#attach.grace)
      }
      // Where this thread stood still, what the item waits for may have come meanwhile: it is let in first.
      timer = setTimeout(() => this.#port.hop(tooLong), job.timeout)
    }
    Promise.resolve(result).then(
      value => {
        clearTimeout(timer)
        if (over) return
        job.done(place, value, context?.moved)
        leave()
      },
      error => {
        clearTimeout(timer)
        if (over) return
        job.failed(place, this.#encode(error))
        leave()
      },
    )
  }

  /** Starts further items, and sends what has finished, once everything that settles in this turn has settled. */
  #soon(): void {
    if (this.#flushing) return
    this.#flushing = true
    queueMicrotask(() => {
      this.#flushing = false
      this.#pump()
    })
  }

  #sendLater(): void {
    for (const job of [...this.#jobs]) {
      if (this.#finishIfDone(job) || job.finished === 0 || job.lingering) continue
      job.lingering = true
      setTimeout(() => {
        job.lingering = false
        if (job.finished > 0) this.#flush(job)
      }, LINGER)
    }
  }

  #finishIfDone(job: HostJob): boolean {
    if (job.left > 0) return false
    const at = this.#jobs.indexOf(job)
    if (at < 0) return true
    this.#jobs.splice(at, 1)
    this.#flush(job, job.started === 0 ? 0 : performance.now() - job.started)
    this.#endIfIdle()
    return true
  }

  #end(busy: number): OutMessage['end'] {
    const memory = this.#attach.memory ? this.#port.memory?.() : undefined
    return memory === undefined ? { busy } : { busy, memory }
  }

  /** Sends what there is. */
  #flush(job: HostJob, busy?: number): void {
    const { message, moved } = job.out(busy === undefined ? undefined : this.#end(busy))
    try {
      this.#port.post(message, moved)
    } catch (error) {
      this.#port.post(job.withoutUncloneable(message, error, this.#encode), [])
    }
  }

  #endIfIdle(): void {
    if (!this.#ending || this.#jobs.length > 0) return
    this.#ending = false
    const { teardown } = this.#module
    Promise.resolve()
      .then(() => (typeof teardown === 'function' ? teardown() : undefined))
      .then(
        () => this.#port.post({ type: 'ended', error: undefined }, []),
        error => this.#port.post({ type: 'ended', error: this.#encode(error) }, []),
      )
  }
}
