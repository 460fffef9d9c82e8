import { openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { Host, type HostPort } from '../host.ts'
import type { StartFailure } from '../link.ts'
import type { Attach, FromWorker, ToWorker } from '../messages.ts'
import { CellProgress, notesLength } from '../progress.ts'
import { encodeError } from '../wire-error.ts'
import { fromText, pack, unpack } from './ipc.ts'
import { loadModule } from './load-module.ts'
import { threadFolder } from './processor-time.ts'
import { stayWithParent } from './stay-with-parent.ts'

interface HostTask {
  /** Of a process: as text. */
  readonly attach: Attach | string
  /** Of a thread; a process has its IPC channel. */
  readonly port?: MessagePort
  /** Shared memory, or a file. */
  readonly progress: SharedArrayBuffer | string
}

/** The worker has begun; where Linux shows its thread (`null`: nowhere). Or what stopped it. */
export type Attached = { readonly folder: string | null } | StartFailure

/**
 * What tinypool runs first in a worker: loads the user's module and stays behind to work on batches. Gives the error
 * that stopped it, encoded, since tinypool would lose most of it.
 */
export default async function attachHost(task: HostTask): Promise<Attached> {
  try {
    await begin(task)
    return { folder: threadFolder() }
  } catch (error) {
    return { failure: encodeError(error) }
  }
}

async function begin({ attach: given, port, progress }: HostTask): Promise<void> {
  const attach: Attach = typeof given === 'string' ? fromText(given) : given
  if (typeof progress === 'string') stayWithParent(dirname(progress))
  const { module: address = '', ...rest } = attach
  const module = await loadModule(address, attach.where)
  const host = new Host(module, rest, {
    post: port ? (message, transfer) => port.postMessage(message, transfer as never) : sendToParent,
    hop: task => setImmediate(task),
    progress:
      typeof progress === 'string'
        ? fileProgress(progress, attach.overlap)
        : new CellProgress(new Float64Array(progress)),
    memory: () => {
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    },
  } satisfies HostPort)
  await host.start(address)
  if (port) {
    port.on('message', (message: ToWorker) => host.receive(message))
  } else {
    process.on('message', (message: ToWorker & { __tinypool_worker_message__?: boolean }) => {
      if (!message.__tinypool_worker_message__) host.receive(unpack(message))
    })
  }
}

function sendToParent(message: FromWorker): void {
  process.send?.(pack(message))
}

function fileProgress(file: string, overlap: number): CellProgress {
  const cells = new Float64Array(notesLength(overlap))
  const bytes = new Uint8Array(cells.buffer)
  const descriptor = openSync(file, 'r+')
  return new CellProgress(cells, (from, to) => {
    writeSync(descriptor, bytes, 8 * from, 8 * (to - from), 8 * from)
  })
}
