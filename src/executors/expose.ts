import { show } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import type { Locks, Transferable } from '../internal/platform-types.ts'
import { setExposed } from './exposed.ts'
import { Host } from './host.ts'
import type { FromWorker } from './messages.ts'
import { CellProgress, notesLength, type Progress, readNotes } from './progress.ts'
import type { TaskModule } from './task-module.ts'
import { type FromWebWorker, oursOf, type ToWebWorker } from './web-messages.ts'
import { encodeError } from './wire-error.ts'

/** The functions of a worker, by name, with `setup` and `teardown` if there are any. */
// biome-ignore lint/suspicious/noExplicitAny: functions of any kind
export type Exposed = Record<string, (...args: any[]) => unknown>

/** What a web worker's global is, as far as it is needed. */
interface WorkerScope {
  postMessage(message: unknown, transfer?: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  close(): void
}

/**
 * Offers functions to the `parallel` stages of the page whose worker this file is. On Node, where `parallel` is given
 * the file's URL, the same file works.
 *
 * @param functions The functions by name, with `setup(data)` and `teardown()` if there are any.
 * @throws {TypeError} Nothing that could be called was given.
 * @example
 * ```ts
 * import { expose } from 'sluice/worker'
 *
 * const functions = { double: (n: number) => n * 2 }
 * expose(functions) // in the page: parallel(() => new Worker(…), { name: 'double' })
 * functions.double(21) // => 42
 * ```
 */
export function expose(functions: Exposed): void {
  if (typeof functions !== 'object' || functions === null || !Object.values(functions).some(isFunction)) {
    throw new TypeError(
      `expose: expected functions by name, such as expose({ resize }), received ${show(functions)}`,
    )
  }
  if (setExposed(functions as TaskModule)) return
  const scope = globalThis as unknown as Partial<WorkerScope>
  const { addEventListener, postMessage } = scope
  // A thread of Node has no such global; a page has, but is no worker.
  if (typeof addEventListener !== 'function' || typeof postMessage !== 'function' || 'document' in scope)
    return
  listen(scope as WorkerScope, functions as TaskModule)
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function listen(scope: WorkerScope, functions: TaskModule): void {
  const post = (message: FromWebWorker['sluice'], transfer: Transferable[] = []): void => {
    scope.postMessage({ sluice: message } satisfies FromWebWorker, transfer)
  }
  let host: Host | undefined
  scope.addEventListener('message', ({ data }: MessageEvent) => {
    const message = oursOf<ToWebWorker>(data)
    if (message === undefined) return
    if (message.type === 'hello') {
      post({ type: 'exposed' })
    } else if (message.type === 'attach') {
      attach(message).then(
        ([started, locked]) => {
          host = started
          post({ type: 'begun', failure: undefined, locked })
        },
        error => post({ type: 'begun', failure: encodeError(error), locked: false }),
      )
    } else host?.receive(message)
  })

  async function attach({
    attach: { module: _, ...rest },
    notes,
    lock,
  }: Extract<ToWebWorker['sluice'], { type: 'attach' }>): Promise<[Host, boolean]> {
    // Nobody outside sees memory that is not shared; what the worker says when it closes itself is taken from it.
    const cells = new Float64Array(notes ?? new ArrayBuffer(8 * notesLength(rest.overlap)))
    const own = new CellProgress(cells)
    tellOfClose(scope, () => post({ type: 'closed', notes: readNotes(cells) }))
    // The page asks for the lock once we have said that we have begun.
    const locked = lock !== undefined && (await hold(lock))
    const started = new Host(functions, rest, {
      post,
      hop: later,
      progress: notes ? own : new ToldProgress(own, cells, post),
    })
    await started.start('the worker')
    return [started, locked]
  }
  // A page cannot see that a file has been run.
  post({ type: 'exposed' })
}

/** Notes for this side, and a message where the other side looks after an item's time. */
class ToldProgress implements Progress {
  readonly #own: Progress
  readonly #cells: Float64Array
  readonly #post: (message: FromWorker) => void
  /** The other side has been told of an item that may be over by now. */
  #told = false
  #telling = false

  constructor(own: Progress, cells: Float64Array, post: (message: FromWorker) => void) {
    this.#own = own
    this.#cells = cells
    this.#post = post
  }

  sync(serial: number, timed: boolean): void {
    this.#own.sync(serial, timed)
    if (timed) {
      this.#told = true
      this.#post({ type: 'at', serial })
    } else this.#soon()
  }

  async(place: number, serial: number): void {
    this.#own.async(place, serial)
    this.#soon()
  }

  /**
   * Items that follow at once say so; when none does, the last one must not seem to be at work for ever, and one whose
   * promise is pending must: its function may be in an endless loop after an `await`, where no timer of ours runs.
   */
  #soon(): void {
    if (!this.#told || this.#telling) return
    this.#telling = true
    queueMicrotask(() => {
      this.#telling = false
      const { pending } = readNotes(this.#cells)
      this.#told = pending.length > 0
      this.#post({ type: 'at', pending })
    })
  }
}

/** Holds the lock for as long as this worker lives; settles once it does, false if there are no locks for it. */
function hold(lock: string): Promise<boolean> {
  return new Promise(resolve => {
    const { locks } = navigator as unknown as { locks: Locks }
    locks
      .request(lock, () => {
        resolve(true)
        return new Promise<never>(noop)
      })
      .catch(() => resolve(false))
  })
}

/** A worker that closes itself still finishes what it is doing, and nobody is told: so it has to say so itself. */
function tellOfClose(scope: WorkerScope, tell: () => void): void {
  const close = scope.close?.bind(scope)
  if (!close) return
  scope.close = () => {
    tell()
    close()
  }
}

let channel: MessageChannel | undefined
const tasks: (() => void)[] = []

/** A turn of the event loop; `setTimeout` is clamped to 4 ms when nested. */
function later(task: () => void): void {
  if (!channel) {
    channel = new MessageChannel()
    channel.port1.onmessage = () => tasks.shift()?.()
  }
  tasks.push(task)
  channel.port2.postMessage(undefined)
}
