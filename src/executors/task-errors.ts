import { nameError } from '../internal/name-error.ts'

/** What both errors of a worker carry. */
export interface TaskErrorDetails {
  /** Name of the stage. */
  readonly stage: string
  /** The item that was at work. */
  readonly item: unknown
  /** Its position among those that came to the stage. */
  readonly index: number
}

/** An item took longer than the stage's `timeout`: its work was ended. */
export class TaskTimeoutError extends Error {
  readonly code = 'ERR_TASK_TIMEOUT'
  readonly stage: string
  readonly item: unknown
  readonly index: number
  /** How long it was allowed to take, in milliseconds. */
  readonly timeout: number

  constructor({ stage, item, index }: TaskErrorDetails, timeout: number) {
    super(`${stage}: item ${index} took longer than ${timeout} ms`)
    nameError(this, 'TaskTimeoutError')
    this.stage = stage
    this.item = item
    this.index = index
    this.timeout = timeout
  }
}

/** A worker died while it worked on an item: it exited, ran out of memory, was killed. The `cause` says how. */
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
    super(`${stage}: the worker died while it worked on item ${index}${times}${how}`, { cause })
    nameError(this, 'WorkerCrashError')
    this.stage = stage
    this.item = item
    this.index = index
    this.attempts = attempts
  }
}

/** Every error that a parallel stage itself raises while items flow; `switch (error.code)` narrows it. */
export type TaskError = TaskTimeoutError | WorkerCrashError
