import type { ItemContext } from '../engine/item-scope.ts'
import { Lanes } from '../engine/lanes.ts'
import { type ConcurrencyOptions, checkConcurrency } from '../engine/limits.ts'
import { SinkCore } from '../engine/sink-core.ts'
import { StepRun } from '../engine/step-run.ts'
import { checkFunction, checkOptions } from '../internal/check.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { itemStep } from '../policies/item-step.ts'

export interface SinkOptions<T> extends Pick<ConcurrencyOptions, 'concurrency'>, ItemPolicies<T, unknown> {
  /** Name in errors and dead letters. Default: `sink`. */
  readonly name?: string
}

/**
 * A WritableStream that gives each item to a function.
 *
 * - **Takes** an item while fewer than `concurrency` are at work; their results are ignored, but awaited.
 * - **On error** of the function: the stream errors with that very value, and a pipe into it fails with it.
 * - **On abort** the signals of the items at work fire. Closing waits for them.
 *
 * @param fn Called once per item, in order, with the item and its `{ index, signal }`.
 * @throws {TypeError} `fn` is not a function.
 * @example
 * ```ts
 * const seen: number[] = []
 * await from([1, 2, 3]).pipeTo(sink(n => { seen.push(n) }))
 * seen // => [1, 2, 3]
 * ```
 */
export function sink<T>(
  fn: (item: T, context: ItemContext) => unknown,
  options: SinkOptions<T> = {},
): WritableStream<T> {
  checkFunction('sink: fn', fn)
  checkOptions('sink', options)
  checkConcurrency('sink', options)
  const { concurrency = 1 } = options
  return new SinkCore<T>(down => {
    const step = itemStep('sink', fn, options)
    return concurrency === 1 ? new StepRun(down, step) : new Lanes(down, step, concurrency, false)
  }).inlet
}
