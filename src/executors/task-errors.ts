import type { TaskErrorDetails, TaskTimeoutError } from '../errors.ts'
import { nameError } from '../internal/name-error.ts'

/**
 * A worker died while it worked on an item: it exited, ran out of memory, was killed. The `cause` says how.
 *
 * @example
 * ```ts
 * const code = 'const { exit } = process; export default n => { if (n === 2) exit(7); return n }' // a file, in real life
 * const work = `data:text/javascript,${code}`
 * const stage = parallel(new URL(work), { threads: 1, onError: (error: any) => [error.code, error.item] })
 * await toArray(from([1, 2, 3]).pipeThrough(stage))
 * // => [1, ['ERR_WORKER_CRASH', 2], 3]
 * ```
 */
export class WorkerCrashError extends Error {
  readonly code = 'ERR_WORKER_CRASH'
  readonly stage: string
  readonly item: unknown
  readonly index: number
  /** How many workers the item has cost. */
  readonly attempts: number

  constructor({ stage, item, index }: TaskErrorDetails, attempts: number, cause: unknown) {
    const how = cause instanceof Error ? `: ${cause.message}` : ''
    const times = attempts > 1 ? ` (${attempts} times)` : ''
    super(`${stage}: the worker of item ${index} died${times}${how}`, { cause })
    nameError(this, 'WorkerCrashError')
    this.stage = stage
    this.item = item
    this.index = index
    this.attempts = attempts
  }
}

/** Every error that a parallel stage itself raises while items flow; `switch (error.code)` narrows it. */
export type TaskError = TaskTimeoutError | WorkerCrashError
