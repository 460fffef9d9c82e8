import { show } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import type { Locks, Transferable, WebWorker } from '../internal/platform-types.ts'
import type { Exit, Link, LinkEvents, StartFailure, WorkerPlace } from './link.ts'
import type { Attach } from './messages.ts'
import { type Notes, notesLength, readNotes } from './progress.ts'
import { type FromWebWorker, oursOf, type ToWebWorker } from './web-messages.ts'

/** How long a worker's file may take to be loaded and to call `expose()`, in milliseconds: a network may be slow. */
const PATIENCE = 30_000

/** Workers that a stage has. */
const taken = new WeakSet<WebWorker>()

let locks = 0

/** How a worker answered, unless it died of the question. */
type Begun = Extract<FromWebWorker['sluice'], { type: 'begun' }>

/** Bun has these, and its process waits for a worker that nobody has released. */
type Held = Partial<Record<'ref' | 'unref', () => void>>

/** Web workers that call `expose()`: of browsers, Deno and Bun. */
export function webPlace(make: () => WebWorker): WorkerPlace {
  let kill = noop
  return {
    async start(attach: Attach, events: LinkEvents): Promise<Link> {
      const worker = made(make, attach)
      const post = (message: ToWebWorker['sluice'], transfer: readonly Transferable[] = []): void => {
        worker.postMessage({ sluice: message } satisfies ToWebWorker, transfer as Transferable[])
      }
      const buffer = sharesMemory() ? new SharedArrayBuffer(8 * notesLength(attach.overlap)) : undefined
      const cells = buffer && new Float64Array(buffer)
      const manager = (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks
      const lock = manager && `sluice-${crypto.randomUUID()}-${++locks}`
      const released = new AbortController()
      let over = false
      let last: Notes | undefined
      let onGone: (exit: Exit) => void = noop
      const gone = (reason: Error, killed: boolean): void => {
        if (over) return
        over = true
        released.abort()
        worker.terminate()
        onGone({ reason, killed })
      }
      kill = () => gone(new Error('the worker was ended'), true)
      const closed = (): void => gone(new Error('the worker closed itself'), false)

      const begun = await new Promise<Begun>((resolve, reject) => {
        const timer = setTimeout(() => {
          const seconds = PATIENCE / 1_000
          const text = `${attach.where}: the worker did not answer within ${seconds} seconds. Does its file call expose({ … }) of 'sluice/worker'?`
          onGone = () => reject(new TypeError(text))
          gone(new Error(text), true)
        }, PATIENCE)
        onGone = exit => {
          clearTimeout(timer)
          reject(exit)
        }
        let attached = false
        worker.addEventListener('message', ({ data }: MessageEvent) => {
          const message = oursOf<FromWebWorker>(data)
          if (over || message === undefined) return
          switch (message.type) {
            case 'exposed':
              if (attached) break
              attached = true
              // From here on it is the user's setup() that takes its time.
              clearTimeout(timer)
              try {
                post({ type: 'attach', attach, notes: buffer, lock })
              } catch (error) {
                onGone = () => reject(error)
                gone(new Error('it was not attached'), true)
              }
              break
            case 'begun':
              resolve(message)
              break
            case 'closed':
              last = message.notes
              closed()
              break
            default:
              events.message(message)
          }
        })
        worker.addEventListener('error', event => {
          event.preventDefault()
          gone(new Error(whatHappened(event, attached, attach.module)), false)
        })
        worker.addEventListener('messageerror', () => gone(new Error('a message could not be read'), false))
        // Of Bun.
        worker.addEventListener('close', closed)
        // It tells when it exposes its functions; a worker that is older than this listener has told nobody.
        post({ type: 'hello' })
      })
      onGone = events.exit
      if (begun.failure) {
        onGone = noop
        gone(new Error('it did not begin'), true)
        throw { failure: begun.failure } satisfies StartFailure
      }
      if (manager && lock && begun.locked) {
        // The platform says nothing when a worker is gone; its lock does.
        manager.request(lock, { signal: released.signal }, closed).catch(noop)
      }
      return {
        post(message, transfer) {
          if (!over) post(message, transfer)
        },
        notes: () => last ?? (cells && readNotes(cells)),
        hold(held) {
          ;(worker as Held)[held ? 'ref' : 'unref']?.()
        },
        kill: () => Promise.resolve(kill()),
      }
    },
    close: () => Promise.resolve(kill()),
  }
}

/** A worker as the user makes it, or what is wrong with it. */
function made(make: () => WebWorker, { where }: Attach): WebWorker {
  let worker: WebWorker
  try {
    worker = make()
  } catch (error) {
    // What the platform throws says nothing of the stage; an error of the user's own function is theirs.
    if (error instanceof Error && !(error instanceof DOMException)) throw error
    const text = error instanceof DOMException ? error.message : show(error)
    throw new TypeError(`${where}: the worker could not be made: ${text}`, { cause: error })
  }
  if (typeof worker?.postMessage !== 'function' || typeof worker.terminate !== 'function') {
    throw new TypeError(
      `${where}: the function must give a new Worker(url, { type: 'module' }), gave ${show(worker)}`,
    )
  }
  if (taken.has(worker)) {
    throw new TypeError(
      `${where}: the function gave a worker that it has given before: it must make a new one each time`,
    )
  }
  taken.add(worker)
  return worker
}

/** Whether memory can be shared with workers. Browsers say so; Deno and Bun always can. */
function sharesMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean }
  return crossOriginIsolated !== false && typeof SharedArrayBuffer === 'function'
}

/** An error event in words. One without a message is all that a page gets to know of a file that was not loaded. */
function whatHappened(
  { message, filename, lineno, colno }: Partial<ErrorEvent>,
  attached: boolean,
  address: string | undefined,
): string {
  if (message) return filename ? `${message} (${filename}:${lineno}:${colno})` : message
  if (attached) return 'it failed, and the platform does not say why'
  const file = address === undefined ? 'its file' : address
  return `${file} could not be loaded. Is it there, is it a script, do all of its imports exist, and does the Content Security Policy (worker-src) allow it?`
}
