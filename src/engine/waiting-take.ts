import { isThenable } from '../internal/is-thenable.ts'
import type { Collector } from './collector.ts'
import type { Step } from './step.ts'

/** A collector's `next` that calls a function with each item and waits for its result where that is a promise. */
export function waitingTake<T, R>(
  step: Step,
  keep: (result: R) => void,
): (collector: Collector<T>) => (item: T) => boolean {
  const apply = step.apply as unknown as (item: T) => R | PromiseLike<R>
  return collector => item => {
    if (collector.over) return false
    try {
      const result = apply(item)
      if (typeof result !== 'number' && isThenable(result)) return collector.wait(result, step, keep)
      keep(result as R)
    } catch (error) {
      return collector.raise(error)
    }
    return true
  }
}
