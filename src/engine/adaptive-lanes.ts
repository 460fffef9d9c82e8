import { isThenable } from '../internal/is-thenable.ts'
import { AdaptiveLimit } from '../policies/adaptive-limit.ts'
import type { ItemContext } from './item-scope.ts'
import { Lanes } from './lanes.ts'
import type { Recipe } from './stage-core.ts'
import type { Step } from './step.ts'

/** A function of one item. */
export type ItemFunction<I> = (item: I, context: ItemContext) => unknown

/** What is done on adaptive lanes. */
export interface AdaptiveWork<I> {
  readonly min: number
  readonly max: number
  readonly ordered: boolean
  readonly fn: ItemFunction<I>
  /** Makes a step of a function. */
  readonly stepOf: (fn: ItemFunction<I>) => Step
  /** A call can be given up before it has finished, and its signal then fires. */
  readonly timed: boolean
}

/**
 * Lanes, as many as a limit says that learns from each call of the function. The function is measured rather than the
 * step: what an item waits for between two attempts is no latency.
 */
export function adaptiveLanes<I, O>({ min, max, ordered, fn, stepOf, timed }: AdaptiveWork<I>): Recipe<I, O> {
  const limit = new AdaptiveLimit(min, max)
  let lanes: Lanes<I, O>
  let calls = 0
  // A function of one parameter is called with the item alone.
  const alone = fn.length === 1
  const measured = (item: I, context: ItemContext): unknown => {
    const start = performance.now()
    const result = alone ? (fn as (item: I) => unknown)(item) : fn(item, context)
    if (!isThenable(result)) return result
    calls++
    let open = true
    const finish = (failed: boolean): void => {
      if (!open) return
      open = false
      calls--
      if (lanes.over) return
      const { inside } = lanes
      // Where downstream is the slow one, its results stand in the lanes: more lanes would only hold more of them.
      const held = lanes.held ? inside - calls - 1 : 0
      const used = inside * 4 >= limit.value * 3 && held * 4 <= limit.value + 3
      limit.finished(performance.now() - start, failed, used, calls)
      lanes.limit = limit.value
    }
    if (timed) context.signal.addEventListener('abort', () => finish(true), { once: true })
    return Promise.resolve(result).then(
      value => {
        finish(false)
        return value
      },
      error => {
        finish(true)
        throw error
      },
    )
  }
  const step = stepOf(alone && !timed ? (item: I) => measured(item, undefined as never) : measured)
  return {
    limit,
    create: down => {
      lanes = new Lanes<I, O>(down, step, limit.value, ordered)
      return lanes
    },
  }
}
