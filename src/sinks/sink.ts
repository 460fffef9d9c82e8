import type { ItemFunction } from '../engine/adaptive-lanes.ts'
import type { ItemContext } from '../engine/item-scope.ts'
import { type ConcurrencyOptions, lanes } from '../engine/limits.ts'
import { SinkCore } from '../engine/sink-core.ts'
import type { StageStats } from '../engine/stage-stats.ts'
import { checkFunction, checkOptions } from '../internal/check.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { itemStep } from '../policies/item-step.ts'

/** Options of {@link sink}. */
export interface SinkOptions<T> extends Pick<ConcurrencyOptions, 'concurrency'>, ItemPolicies<T, unknown> {
  /** Name in statistics, errors and dead letters. Default: `sink`. */
  readonly name?: string
}

/** A WritableStream that shows what became of its items. */
export interface Sink<T> extends WritableStream<T> {
  /** A snapshot, as that of a stage; costs nothing while items flow. */
  readonly stats: () => StageStats
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
): Sink<T> {
  checkFunction('sink: fn', fn)
  checkOptions('sink', options)
  const call = (fn: ItemFunction<T>) => itemStep('sink', fn, options)
  const recipeOf = () => lanes<T, unknown>('sink', fn, call, { ...options, ordered: false })
  return new SinkCore<T>(options.name ?? 'sink', recipeOf).inlet as unknown as Sink<T>
}
