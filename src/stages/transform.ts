import { coreOf, type StageCore } from '../engine/stage-core.ts'
import { transformRecipe } from '../engine/transform-recipe.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkOptions } from '../internal/check.ts'
import type { Transformer } from '../internal/platform-types.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link transform}. */
export interface TransformOptions<I, O> extends StageOptions<I> {
  /**
   * How many chunks the transformer may be ahead of its reader, as in `new TransformStream`. They are queued in the
   * platform's stream, so that what follows is not fused with this stage. Default: none.
   */
  readonly readableStrategy?: QueuingStrategy<O>
}

/**
 * A native transformer (`{ start, transform, flush, cancel }`; Streams Standard, section 6.2.3) as a fused stage.
 *
 * - **Emits** what the transformer enqueues. **Holds** one chunk at work, and what `enqueue` gave beyond what was
 *   asked for, as a TransformStream does.
 * - **On error** of a method: that very error; `start` is called at once, and what it throws is thrown.
 *
 * @example
 * ```ts
 * const twice = transform<number, number>({
 *   transform(n, controller) {
 *     controller.enqueue(n)
 *     controller.enqueue(n)
 *   },
 * })
 * await toArray(from([1, 2]).pipeThrough(twice))
 * // => [1, 1, 2, 2]
 * ```
 */
export function transform<I, O>(
  transformer?: Transformer<I, O>,
  options: TransformOptions<I, O> = {},
): Stage<I, O> {
  checkOptions('transform', options)
  const recipe = transformRecipe('transform', transformer, options.readableStrategy)
  const stage = stageOf<I, O>('transform', recipe, options, options.readableStrategy)
  recipe.start(coreOf<I, O>(stage) as StageCore<I, O>)
  return stage
}
