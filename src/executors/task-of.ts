import { show } from '../internal/check.ts'
import { hashKey } from './hash-key.ts'
import { movable } from './movable.ts'
import type { ParallelPlan } from './parallel-plan.ts'
import { ParallelTask } from './parallel-task.ts'

/** The task that an item becomes, with its key and what it moves; a failed one where a function for these fails. */
export function taskOf<I>(
  { stage, key, transfer }: ParallelPlan<I>,
  item: I,
  index: number,
): ParallelTask<I> {
  let hash: number | undefined
  try {
    if (key) {
      const value = key(item)
      if (!(typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')) {
        throw new TypeError(`${stage}: key must give a string, a number or a bigint, gave ${show(value)}`)
      }
      hash = hashKey(value)
    }
    if (!transfer) return new ParallelTask(item, index, hash)
    const moved = transfer(item) ?? []
    if (!Array.isArray(moved)) {
      throw new TypeError(`${stage}: transfer must give an array, gave ${show(moved)}`)
    }
    return new ParallelTask(item, index, hash, movable(moved))
  } catch (error) {
    const task = new ParallelTask(item, index, hash)
    // In order, it is given its place first.
    task.state = 'failed'
    task.result = error
    return task
  }
}
