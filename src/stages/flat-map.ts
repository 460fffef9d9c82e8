import { expansion } from '../engine/expansion.ts'
import type { ItemContext } from '../engine/item-scope.ts'
import type { ConcurrencyOptions } from '../engine/limits.ts'
import type { Giver } from '../engine/produce.ts'
import { stepOf } from '../engine/step.ts'
import { checkFunction } from '../internal/check.ts'
import { type Stage, type StageOptions, stageOf } from '../stage.ts'

export interface FlatMapOptions<I> extends StageOptions<I>, ConcurrencyOptions {}

/**
 * Gives each item to a function and passes on the items of what it gives: an iterable, an async iterable, a stream,
 * or a promise of one of these. A string is refused, as in TC39's `Iterator.prototype.flatMap`.
 *
 * - **Emits** the inner items: one item's after the other's (`ordered`), else as they come.
 * - **Holds** up to `concurrency` open inner sources, each at most one item ahead.
 * - **On error** of the function or of an inner source: that very error, in its turn. **On cancel** closes them all.
 *
 * @param fn Called once per item, in order, with the item and its `{ index, signal }`.
 * @throws {TypeError} `fn` is not a function.
 * @example
 * ```ts
 * await toArray(from([1, 2]).pipeThrough(flatMap(n => [n, n * 10])))
 * // => [1, 10, 2, 20]
 * ```
 */
export function flatMap<I, O>(
  fn: (item: I, context: ItemContext) => Giver<O> | PromiseLike<Giver<O>>,
  options: FlatMapOptions<I> = {},
): Stage<I, Awaited<O>> {
  checkFunction('flatMap: fn', fn)
  return stageOf('flatMap', expansion<I, Awaited<O>>('flatMap', stepOf(fn), options), options)
}
