import { said } from '../internal/said.ts'
import type { Exit, StartFailure } from './link.ts'
import { decodeError } from './wire-error.ts'

/** Why nothing can be worked on, where a worker could not be started. */
export function startError(error: Partial<Exit & StartFailure>, where: string, trail: string): unknown {
  const { reason, failure } = error
  if (reason)
    return new Error(`${where}: the worker died while it started: ${reason.message}`, { cause: reason })
  if (failure) return decodeError(failure, trail)
  if ((error as Error).name !== 'DataCloneError') return error
  return new TypeError(`${where}: data cannot be sent to the worker: ${said(error)}`, { cause: error })
}

/** Why an item cannot be worked on elsewhere: as an error of the worker's, with the item's `index` and `stage`. */
export function itemError(
  stage: string,
  index: number | undefined,
  module: string | undefined,
  error: unknown,
): TypeError {
  const text = `${stage}: item ${index} cannot be sent to the worker${module ? ` ${module}` : ''}: ${said(error)}. Send plain data, without functions or streams, or give what can be moved to \`transfer\``
  return Object.assign(new TypeError(text, { cause: error }), { index, stage })
}
