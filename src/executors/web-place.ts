import type { Exit, Link, LinkEvents, StartFailure, WorkerPlace } from './link.ts'
import type { Attach, FromWorker, ToWorker } from './messages.ts'
import { type Notes, notesLength, readNotes } from './progress.ts'
import type { WireError } from './wire-error.ts'

/** The first message to a web worker, which `expose()` waits for. */
export interface WebAttach {
  readonly sluice: 'attach'
  readonly attach: Attach
  /** Shared memory for notes, where the page may share memory. */
  readonly notes: SharedArrayBuffer | undefined
  /** A lock that the worker holds for as long as it lives, where there are locks. */
  readonly lock: string | undefined
}

/** Its answer. */
export type WebBegun = { readonly sluice: 'begun'; readonly failure: WireError | undefined }

/** How long a worker may take to answer, in milliseconds, before it is taken for one that never called `expose()`. */
const PATIENCE = 10_000

let locks = 0

/** Web workers that call `expose()`: of browsers, Deno and Bun. */
export function webPlace(make: () => Worker): WorkerPlace {
  return {
    async start(attach: Attach, events: LinkEvents): Promise<Link> {
      const worker = make()
      if (typeof worker?.postMessage !== 'function' || typeof worker.terminate !== 'function') {
        throw new TypeError(`${attach.where}: the function must give a new Worker(url, { type: 'module' })`)
      }
      const shared = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true
      const buffer = shared ? new SharedArrayBuffer(8 * notesLength(attach.overlap)) : undefined
      const cells = buffer && new Float64Array(buffer)
      const manager = (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks
      const lock = manager && `sluice-${crypto.randomUUID()}-${++locks}`
      const released = new AbortController()
      let over = false
      let begun = false
      let onBegun: (answer: WebBegun) => void = () => {}
      let onGone: (exit: Exit) => void = events.exit
      const gone = (reason: Error, killed: boolean): void => {
        if (over) return
        over = true
        released.abort()
        worker.terminate()
        onGone({ reason, killed })
      }
      worker.addEventListener('message', ({ data }: MessageEvent<WebBegun | FromWorker>) => {
        if (over) return
        if ('sluice' in data) onBegun(data)
        else if (begun) events.message(data)
      })
      worker.addEventListener('error', event => {
        event.preventDefault()
        const { message, filename, lineno } = event
        const where = filename ? ` (${filename}:${lineno})` : ''
        gone(new Error(message ? `${message}${where}` : 'its file could not be loaded'), false)
      })
      worker.addEventListener('messageerror', () => gone(new Error('a message could not be read'), false))

      const answer = await new Promise<WebBegun | Exit>((resolve, reject) => {
        onBegun = resolve
        onGone = resolve
        const timer = setTimeout(() => {
          const text = `${attach.where}: the worker did not answer: call expose({ ${attach.names[0] ?? 'work'} }) of 'sluice/worker' in its file`
          reject(new TypeError(text))
          gone(new Error(text), true)
        }, PATIENCE)
        onBegun = value => {
          clearTimeout(timer)
          resolve(value)
        }
        onGone = value => {
          clearTimeout(timer)
          resolve(value)
        }
        const message: WebAttach = { sluice: 'attach', attach, notes: buffer, lock }
        worker.postMessage(message)
      })
      if ('killed' in answer) throw answer
      onGone = events.exit
      if (answer.failure) {
        gone(new Error('it did not begin'), true)
        throw { failure: answer.failure } satisfies StartFailure
      }
      begun = true
      if (manager && lock) {
        // The platform says nothing when a worker closes itself; its lock does.
        manager
          .request(lock, { signal: released.signal }, () =>
            gone(new Error('the worker closed itself'), false),
          )
          .catch(() => {})
      }
      return {
        post(message: ToWorker, transfer) {
          if (!over) worker.postMessage(message, transfer as Transferable[])
        },
        notes: (): Notes | undefined => cells && readNotes(cells),
        hold() {},
        kill() {
          gone(new Error('the worker was ended'), true)
          return Promise.resolve()
        },
      }
    },
    close: () => Promise.resolve(),
  }
}
