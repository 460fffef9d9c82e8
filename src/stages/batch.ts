import { BatchOperator } from '../engine/batch-operator.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkDelay, checkFunction, checkInteger, checkOptions, show } from '../internal/check.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link batch}. */
export interface BatchOptions<I> extends StageOptions<I> {
  /** Items of a batch at the most; with `weigh`, their weight: a batch is closed before an item that would exceed it. */
  readonly size: number
  /** Longest time that a batch stays open after its first item, in milliseconds. Default: until it is full. */
  readonly maxWait?: number
  /** Weight of an item, 0 or more. An item heavier than `size` makes a batch of its own. */
  readonly weigh?: (item: I) => number
  /** Items of a batch at the most, whatever they weigh. Default: any number. */
  readonly maxItems?: number
}

/**
 * Collects items into arrays.
 *
 * - **Emits** a batch when it holds `size` (items, or weight) or `maxItems`, when it is `maxWait` old, and at the end of input.
 * - **Holds** at most one open batch and what waits to be taken; **waits** while downstream is full.
 * - **On error, cancel or abort** discards the open batch.
 *
 * @throws {RangeError} `size` or `maxItems` is not a positive integer (`size` with `weigh`: a positive number), or `maxWait`
 * is negative.
 * @example
 * ```ts
 * await toArray(from([1, 2, 3]).pipeThrough(batch({ size: 2 })))
 * // => [[1, 2], [3]]
 *
 * // What one call of a service may take: 12 characters, 3 texts.
 * const calls = batch<string>({ size: 12, weigh: text => text.length, maxItems: 3 })
 * await toArray(from(['a', 'b', 'c', 'd', 'a longer one']).pipeThrough(calls))
 * // => [['a', 'b', 'c'], ['d'], ['a longer one']]
 * ```
 */
export function batch<I>(options: BatchOptions<I>): Stage<I, I[]>
export function batch<I>(size: number, options?: Omit<BatchOptions<I>, 'size'>): Stage<I, I[]>
export function batch<I>(
  first: number | BatchOptions<I>,
  rest: Omit<BatchOptions<I>, 'size'> = {},
): Stage<I, I[]> {
  checkOptions('batch', rest)
  const options = typeof first === 'object' && first !== null ? first : { ...rest, size: first }
  const { size, maxWait, weigh, maxItems = Infinity } = options
  checkInteger('batch: maxItems', maxItems, 1, true)
  if (weigh === undefined) checkInteger('batch: size', size, 1, true)
  else {
    checkFunction('batch: weigh', weigh)
    if (!(typeof size === 'number' && size > 0))
      throw new RangeError(`batch: size must be a positive number, received ${show(size)}`)
  }
  if (maxWait !== undefined) checkDelay('batch: maxWait', maxWait)
  return stageOf(
    'batch',
    { create: down => new BatchOperator<I>(down, size, maxWait, weigh, maxItems) },
    options,
  )
}
