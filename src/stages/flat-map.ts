import { expansion } from '../engine/expansion.ts'
import type { ItemContext } from '../engine/item-scope.ts'
import type { FixedConcurrencyOptions } from '../engine/limits.ts'
import type { Giver } from '../engine/produce.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction, checkOptions } from '../internal/check.ts'
import type { GuardedItem } from '../policies/guarded-item.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { itemStep } from '../policies/item-step.ts'
import { timedSource } from '../policies/timed-source.ts'
import type { Stage } from '../stage.ts'

/**
 * The policies cover the function, and what it gives: `timeout` is also how long each inner item may let itself be waited
 * for; a failure of an inner source is retried while none of its items has gone out; what went out stays out. A
 * replacement that `onError` gives is expanded in its turn; if that fails too, the stage fails.
 */
export interface FlatMapOptions<I, R = never>
  extends StageOptions<I>,
    FixedConcurrencyOptions,
    ItemPolicies<I, Giver<R>> {}

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
export function flatMap<I, O, R = never>(
  fn: (item: I, context: ItemContext) => Giver<O> | PromiseLike<Giver<O>>,
  options: FlatMapOptions<I, R> = {},
): Stage<I, Awaited<O> | Awaited<R>> {
  type Out = Awaited<O> | Awaited<R>
  checkFunction('flatMap: fn', fn)
  checkOptions('flatMap', options)
  const { timeout } = options
  const recipe = expansion<I, Out>(
    'flatMap',
    itemStep('flatMap', fn, options, true),
    options,
    (source, scope) =>
      timeout === undefined ? source : timedSource(source, timeout, () => (scope as GuardedItem<I>).expire()),
  )
  return stageOf('flatMap', recipe, options)
}
