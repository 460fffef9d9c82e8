import { checkInteger, checkOptions, show } from '../internal/check.ts'
import { adaptiveLanes, type ItemFunction } from './adaptive-lanes.ts'
import { Lanes } from './lanes.ts'
import type { Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import type { Recipe } from './stage-core.ts'
import type { Step } from './step.ts'
import { StepRun } from './step-run.ts'

/**
 * Bounds between which a stage finds by itself how many items to work on at once: as many as keep what its function calls
 * busy without making each call slower. It begins with `min`, and learns from how long the function's promises take: the
 * limit is raised while latency stays within 1.3 times of what was measured at a lower limit, and lowered in proportion
 * above that (a gradient, as Gradient2 of Netflix's concurrency-limits, with a base that is measured again every 20
 * windows at 0.7 of the limit, as in BBR and Envoy). Time spent on failed calls lowers it too. `stats()` shows it.
 *
 * It settles within some hundred items where calls take about equally long, and within some two thousand where they
 * take very different times.
 */
export interface ConcurrencyRange {
  /** 1 or more. */
  readonly min: number
  /** `min` or more: what the stage holds at the most. */
  readonly max: number
}

/** How many items of a stage may be worked on at once. */
export interface ConcurrencyOptions {
  /**
   * Items whose function may be at work at once, 1 to any number, or the bounds between which that number follows how
   * long the function's promises take. Default: 1.
   */
  readonly concurrency?: number | ConcurrencyRange
  /**
   * Whether results leave in the order in which the items came. Then a finished one that waits for its turn counts as
   * one at work: a slow item holds up those behind it. Default: true.
   */
  readonly ordered?: boolean
}

/** As the above, of a stage whose items take as long as others want. */
export interface FixedConcurrencyOptions extends ConcurrencyOptions {
  /** Items whose function may be at work at once, 1 to any number. Default: 1. */
  readonly concurrency?: number
}

/** Checks the options that every stage with a function shares. */
export function checkConcurrency(name: string, options: ConcurrencyOptions, adaptive = false): void {
  checkOptions(name, options)
  const { concurrency = 1, ordered = true } = options
  const where = `${name}: concurrency`
  if (adaptive && typeof concurrency === 'object' && concurrency !== null) {
    const { min, max } = concurrency
    checkInteger(`${where}.min`, min, 1)
    checkInteger(`${where}.max`, max, 1)
    if (max < min) throw new RangeError(`${where}.max must not be below min (${min}), received ${max}`)
  } else checkInteger(where, concurrency, 1)
  if (typeof ordered !== 'boolean') {
    throw new TypeError(`${name}: ordered must be true or false, received ${show(ordered)}`)
  }
}

/** The step that `stepOf` makes of a function, on as many lanes as the options say: one needs none. */
export function lanes<I, O>(
  name: string,
  fn: ItemFunction<I>,
  stepOf: (fn: ItemFunction<I>) => Step,
  options: ConcurrencyOptions & { readonly timeout?: number },
): Recipe<I, O> {
  checkConcurrency(name, options, true)
  const { concurrency = 1, ordered = true, timeout } = options
  if (typeof concurrency === 'number') {
    const step = stepOf(fn)
    return concurrency === 1
      ? { step }
      : { create: down => new Lanes<I, O>(down, step, concurrency, ordered) }
  }
  const { min, max } = concurrency
  return adaptiveLanes({ min, max, ordered, fn, stepOf, timed: timeout !== undefined })
}

/** What a recipe of `lanes` is on its own, with no step to be fused with. */
export function workOn<I, O>(recipe: Recipe<I, O>, down: Downstream<O>): Operator<I, O> {
  return 'step' in recipe ? new StepRun<I, O>(down, recipe.step) : recipe.create(down)
}
