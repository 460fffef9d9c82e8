import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { noop } from '../../internal/noop.ts'
import { GROUP_SIGNALS } from './group-signals.ts'

/** Looks whether the parent lives, from a thread: the process may be in a loop that leaves nothing else a turn. */
const WATCH = `
const { rmSync } = require('node:fs')
const { workerData: { parent, folder } } = require('node:worker_threads')
function lives() {
  if (process.ppid !== parent) return false
  try {
    return process.kill(parent, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
setInterval(() => {
  if (lives()) return
  rmSync(folder, { recursive: true, force: true })
  process.kill(process.pid, 'SIGKILL')
}, 500)
`

/**
 * Has a worker process live as long as its parent. What tells a whole group to stop is for the parent to hear, which may
 * want what is inside to be finished; when it is gone nobody wants the results.
 *
 * @param folder What a parent that was killed leaves behind: removed then.
 */
export function stayWithParent(folder: string): void {
  for (const signal of GROUP_SIGNALS) process.on(signal, noop)
  process.on('disconnect', () => {
    rmSync(folder, { recursive: true, force: true })
    process.exit()
  })
  const watch = new Worker(WATCH, {
    eval: true,
    workerData: { parent: process.ppid, folder },
    // Neither a user's hooks nor a user's heap are for it.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  })
  // Where it cannot be, a signal must end a process that is busy, as it would by itself.
  watch.on('error', () => {
    for (const signal of GROUP_SIGNALS) process.off(signal, noop)
  })
  watch.unref()
}
