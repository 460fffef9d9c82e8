import { QueueFullError, QueueTimeoutError, SpillError } from '../../errors.ts'

/** Whether an error says that an item was not taken, rather than being a user's own. */
export function isRefusal(error: unknown): boolean {
  return error instanceof QueueFullError || error instanceof QueueTimeoutError || error instanceof SpillError
}
