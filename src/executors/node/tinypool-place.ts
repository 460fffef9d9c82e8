import type { ChildProcess } from 'node:child_process'
import type { Tinypool } from 'tinypool'
import { noop } from '../../internal/noop.ts'
import type { Exit, Link, LinkEvents, StartFailure, WorkerPlace } from '../link.ts'
import type { Attach } from '../messages.ts'
import { loadTinypool } from './load-tinypool.ts'
import { ProcessorTime } from './processor-time.ts'
import type { Attached } from './tinypool-host.ts'
import type { Wire } from './wire.ts'

type TinypoolOptions = NonNullable<ConstructorParameters<typeof Tinypool>[0]>
type TinypoolWorker = Tinypool['threads'][number]

/** What differs between threads and processes. */
export interface TinypoolWires {
  readonly options: TinypoolOptions
  /** The way to a worker that is about to begin. */
  open(attach: Attach, onMessage: LinkEvents['message']): Wire
  /** How a death looks, by what the runtime says of it. */
  exit(code: number | null, signal: string | null, error: Error | undefined): Exit
}

/** How a start went. */
type Began = StartFailure | { readonly exit: Exit } | { readonly reason: unknown } | Attached

/**
 * A tinypool of one worker: it makes the worker, loads our host in it, and makes another when that one dies. Which
 * worker gets which batch, and when one is ended, is for the seat to say; so each seat has a tinypool of its own.
 */
export class TinypoolPlace implements WorkerPlace {
  readonly #wires: TinypoolWires
  #pool: Tinypool | undefined

  constructor(wires: TinypoolWires) {
    this.#wires = wires
  }

  async start(attach: Attach, events: LinkEvents): Promise<Link> {
    const pool = await this.#open()
    const wire = this.#wires.open(attach, events.message)
    const worker = pool.threads[0] as TinypoolWorker
    let error: Error | undefined
    const gone = new Promise<Exit>(resolve => {
      const onError = (reason: Error): void => {
        error ??= reason
      }
      worker.once('error', onError)
      worker.once('exit', (code: number | null, signal: string | null = null) => {
        const exit = this.#wires.exit(code, signal, error)
        // Where tinypool was told of an error it has made the next worker already. Of a mere exit it knows nothing.
        if (pool.threads.includes(worker)) this.#drop(pool)
        wire.finish().then(() => resolve(exit))
      })
    })
    const began = await Promise.race([
      pool.run(wire.task, wire.runOptions).then(
        (attached: Attached): Began => attached,
        // tinypool tells of a death too, in other words; and of an `attach` that cannot be cloned.
        (reason): Began | Promise<Began> => (error ? gone.then(exit => ({ exit })) : { reason }),
      ),
      gone.then((exit): Began => ({ exit })),
    ])
    if (!('folder' in began)) {
      wire.close()
      // A tinypool whose worker did not begin makes no other.
      await this.close()
      if ('exit' in began) throw began.exit
      throw 'reason' in began ? began.reason : began
    }
    const time = began.folder === null ? undefined : new ProcessorTime(began.folder)
    let over = false
    gone.then(exit => {
      over = true
      wire.close()
      events.exit(exit)
    })
    return {
      ran: elapsed => time?.of(elapsed) ?? elapsed,
      post(message, transfer) {
        if (!over) wire.post(message, transfer)
      },
      notes: () => wire.notes(),
      hold(held) {
        wire.hold(held)
        if (held) worker.ref?.()
        else worker.unref?.()
      },
      async kill() {
        await terminate(worker)
        await gone
      },
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool
    if (!pool) return
    for (const worker of pool.threads) await terminate(worker)
    this.#drop(pool)
  }

  /** Forgets a pool whose worker is gone: its own end would wait for the exit for ever. */
  #drop(pool: Tinypool): void {
    if (this.#pool === pool) this.#pool = undefined
    pool.destroy().catch(noop)
  }

  async #open(): Promise<Tinypool> {
    if (this.#pool) return this.#pool
    const Pool = await loadTinypool()
    this.#pool = new Pool({
      ...this.#wires.options,
      minThreads: 1,
      maxThreads: 1,
      // Its worker would sleep between tasks, event loop and all; and Deno cannot do it.
      useAtomics: false,
    })
    // A worker that dies between two tasks of tinypool's: told by the exit.
    this.#pool.on('error', noop)
    return this.#pool
  }
}

/** tinypool would tell a process to stop, which ours do not heed, and only a second later make it. */
async function terminate(worker: TinypoolWorker): Promise<void> {
  ;(worker as { readonly process?: ChildProcess }).process?.kill('SIGKILL')
  await worker.terminate()
}
