import { lineOf, type NoPriority, type PriorityOptions } from '../engine/priority-line.ts'
import { passOn } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkOptions } from '../internal/check.ts'
import { toPushStrategy } from '../policies/overflow/overflow.ts'
import type { Stage } from '../stage.ts'
import type { StageStrategy } from '../strategy.ts'

/** Options of {@link buffer}: those of any stage, and what goes first. */
export type BufferOptions<I> = Omit<StageOptions<I>, 'strategy'> & (PriorityOptions<I> | NoPriority)

/**
 * An inbox on its own: lets what comes before it run ahead of what comes after, up to the strategy's capacity.
 *
 * - **Emits** each item, in order; with a `priority` the highest of those it holds first. **Holds** what the strategy
 *   allows, and answers overload as it says.
 *
 * @example
 * ```ts
 * await toArray(from([1, 2, 3]).pipeThrough(buffer(block(2))))
 * // => [1, 2, 3]
 * ```
 */
export function buffer<I>(strategy: StageStrategy<I>, options: BufferOptions<I> = {}): Stage<I, I> {
  const push = toPushStrategy('buffer', strategy)
  checkOptions('buffer', options)
  const recipe = { step: { apply: passOn }, line: lineOf<I>('buffer', options) }
  return stageOf<I, I>('buffer', recipe, { ...options, strategy: push })
}
