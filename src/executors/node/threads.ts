import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { Exit } from '../link.ts'
import type { FromWorker } from '../messages.ts'
import { notesLength, readNotes } from '../progress.ts'
import { threadHost } from './host-file.ts'
import type { NodeWorkerOptions } from './node-worker-options.ts'
import { TinypoolPlace } from './tinypool-place.ts'

/** Threads of this process. Messages go through a port of our own, notes through shared memory. */
export function threadPlace(options: NodeWorkerOptions): TinypoolPlace {
  return new TinypoolPlace({
    options: { ...options, filename: threadHost(), runtime: 'worker_threads' },
    open(attach, onMessage) {
      const { port1, port2 } = new MessageChannel()
      const buffer = new SharedArrayBuffer(8 * notesLength(attach.overlap))
      const cells = new Float64Array(buffer)
      port1.on('message', onMessage)
      return {
        task: { attach, port: port2, progress: buffer },
        runOptions: { transferList: [port2] },
        post: (message, transfer) => port1.postMessage(message, transfer as never),
        notes: () => readNotes(cells),
        hold(held) {
          if (held) port1.ref()
          else port1.unref()
        },
        async finish() {
          for (let entry = receiveMessageOnPort(port1); entry; entry = receiveMessageOnPort(port1)) {
            onMessage(entry.message as FromWorker)
          }
        },
        close: () => port1.close(),
      }
    },
    exit(code, _signal, error): Exit {
      const reason = error ?? new Error(`the worker thread exited with code ${code}`)
      return { reason, killed: false }
    },
  })
}
