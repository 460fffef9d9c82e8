import { show } from '../internal/check.ts'
import { setExposed } from './exposed.ts'
import { Host } from './host.ts'
import type { ToWorker } from './messages.ts'
import { CellProgress } from './progress.ts'
import type { TaskModule } from './task-module.ts'
import type { WebAttach, WebBegun } from './web-place.ts'
import { encodeError } from './wire-error.ts'

/** The functions of a worker, by name, with `setup` and `teardown` if there are any. */
// biome-ignore lint/suspicious/noExplicitAny: functions of any kind
export type Exposed = Record<string, (...args: any[]) => unknown>

/** What a web worker's global is, as far as it is needed. */
interface WorkerScope {
  postMessage(message: unknown, transfer?: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

/**
 * Offers functions to the `parallel` stages of the page whose worker this file is. On Node, where `parallel` is given
 * the file's URL, the same file works.
 *
 * @param functions The functions by name, with `setup(data)` and `teardown()` if there are any.
 * @throws {TypeError} Nothing that could be called was given.
 */
export function expose(functions: Exposed): void {
  if (typeof functions !== 'object' || functions === null || !Object.values(functions).some(isFunction)) {
    throw new TypeError(
      `expose: expected functions by name, such as expose({ resize }), received ${show(functions)}`,
    )
  }
  setExposed(functions as TaskModule)
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
  let host: Host | undefined
  scope.addEventListener('message', ({ data }: MessageEvent<WebAttach | ToWorker>) => {
    if (typeof data !== 'object' || data === null) return
    if (!('sluice' in data)) {
      host?.receive(data)
      return
    }
    const { attach, notes, lock } = data
    const { module: _, ...rest } = attach
    if (lock) navigator.locks.request(lock, () => new Promise<never>(() => {})).catch(() => {})
    const started = new Host(functions, rest, {
      post: (message, transfer) => scope.postMessage(message, transfer),
      hop: later,
      progress: notes && new CellProgress(new Float64Array(notes)),
    })
    const begun = (failure: WebBegun['failure']): void => {
      scope.postMessage({ sluice: 'begun', failure } satisfies WebBegun)
    }
    started.start('the worker').then(
      () => {
        host = started
        begun(undefined)
      },
      error => begun(encodeError(error)),
    )
  })
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
