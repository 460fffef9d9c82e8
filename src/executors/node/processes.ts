import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execArgv } from 'node:process'
import { said } from '../../internal/said.ts'
import type { Exit } from '../link.ts'
import type { Attach, FromWorker, ToWorker } from '../messages.ts'
import { notesLength, readNotes } from '../progress.ts'
import { GROUP_SIGNALS } from './group-signals.ts'
import { processHost, sourceFlags } from './host-file.ts'
import { pack, serialization, toText, unpack } from './ipc.ts'
import type { NodeWorkerOptions } from './node-worker-options.ts'
import { TinypoolPlace } from './tinypool-place.ts'

/**
 * Processes. Messages go through their IPC channel, notes through a file: a process that is killed cannot say what it
 * was at, and a message for each item would cost more than most items.
 */
export function processPlace(options: NodeWorkerOptions): TinypoolPlace {
  return new TinypoolPlace({
    options: {
      ...options,
      // Without it tinypool starts a process with no environment at all.
      env: env as Record<string, string>,
      filename: processHost(),
      execArgv: [...(options.execArgv ?? execArgv), ...sourceFlags()],
      runtime: 'child_process',
      serialization: serialization(),
    },
    open(attach, onMessage) {
      // tinypool would throw what cannot be cloned where nobody can catch it.
      const task = { attach: serialized(attach) }
      const folder = mkdtempSync(join(tmpdir(), 'sluice-'))
      const file = join(folder, 'notes')
      const cells = new Float64Array(notesLength(attach.overlap))
      const descriptor = openSync(file, 'w+')
      let send: ((message: unknown) => void) | undefined
      let closed = false
      return {
        task: { ...task, progress: file },
        runOptions: {
          channel: {
            onMessage: (callback: (message: unknown) => void) => {
              send = callback
            },
            postMessage: (message: FromWorker) => onMessage(unpack(message)),
          },
        },
        post: (message: ToWorker) => send?.(pack(message)),
        notes() {
          if (!closed) readSync(descriptor, cells, 0, cells.byteLength, 0)
          return readNotes(cells)
        },
        hold() {},
        // What it had sent is read before its exit is known, or soon after.
        finish: () => new Promise(resolve => setImmediate(resolve)),
        close() {
          this.notes()
          closed = true
          closeSync(descriptor)
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
    exit(code, signal, error): Exit {
      const how = signal ? `was killed by ${signal}` : `exited with code ${code}`
      // tinypool's own error says no more than that.
      const reason =
        error && !/exited unexpectedly/.test(error.message) ? error : new Error(`the worker process ${how}`)
      // A worker that has begun heeds none of the group's: this one was booting.
      return { reason, killed: signal === 'SIGKILL' || GROUP_SIGNALS.includes(String(signal)) }
    },
  })
}

function serialized(attach: Attach): string {
  try {
    return toText(attach)
  } catch (error) {
    const text = `${attach.where}: data cannot be sent to a process: ${said(error)}. Processes share no memory: for that, use runtime 'threads'`
    throw new TypeError(text, { cause: error })
  }
}
