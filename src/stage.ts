import { observeTransformer } from './engine/observed-transformer.ts'
import { coreOf, type StageCore } from './engine/stage-core.ts'
import { statsOf } from './engine/stage-stats.ts'
import { transformRecipe } from './engine/transform-recipe.ts'
import type { Flow } from './flow.ts'
import { equip, FusedStage } from './fused-stage.ts'
import type { Transformer } from './internal/platform-types.ts'
import type { StageStrategy, Strategy } from './strategy.ts'

/**
 * A `TransformStream` made of an inbox and an operator. Stages come from functions such as `map` and `batch`; like
 * every TransformStream, one is used once.
 *
 * `new Stage(transformer, writableStrategy, readableStrategy)` is `new TransformStream(…)` (Streams Standard,
 * section 6.2), with `stats()`. To make a fused stage of a transformer, use `transform(transformer)`.
 *
 * @example
 * ```ts
 * const twice = new Stage<string, string>({
 *   transform(item, controller) {
 *     controller.enqueue(item)
 *     controller.enqueue(item)
 *   },
 * })
 * await toArray(from(['a', 'b']).pipeThrough(twice)) // => ['a', 'a', 'b', 'b']
 * twice.stats().emitted // => 4
 * ```
 */
export class Stage<I = unknown, O = I> extends FusedStage<I, O> {
  constructor(
    transformer?: Transformer<I, O>,
    writableStrategy?: StageStrategy<I>,
    readableStrategy?: QueuingStrategy<O>,
  ) {
    const ours = (writableStrategy as Partial<Strategy> | undefined)?.mode !== undefined
    const { transformer: observed, tally } = observeTransformer(ours ? undefined : transformer)
    super(
      ours ? undefined : observed,
      ours ? undefined : writableStrategy,
      ours ? undefined : readableStrategy,
    )
    if (ours) {
      // The platform's own sides stay unused; locked, they cannot be transferred in place of ours.
      super.readable.getReader()
      const recipe = transformRecipe('Stage', transformer, readableStrategy)
      equip<this, I, O>(
        this,
        'Stage',
        recipe,
        { strategy: writableStrategy as Strategy<I> },
        readableStrategy,
      )
      recipe.start(coreOf<I, O>(this) as StageCore<I, O>)
    } else {
      const capacity = writableStrategy?.highWaterMark ?? 1
      Object.defineProperty(this, 'stats', {
        value: () => statsOf({ name: 'Stage', tally, capacity }),
        enumerable: true,
      })
    }
  }

  // Accessors of its own, as the standard's class has.
  override get readable(): Flow<O> {
    return super.readable
  }

  override get writable(): WritableStream<I> {
    return super.writable
  }

  /** Stages from functions are stages too, though this constructor has never seen them. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: it may be a subclass
    if (this === Stage) return value instanceof FusedStage
    // biome-ignore lint/complexity/noThisInStatic: as above
    return Function.prototype[Symbol.hasInstance].call(this as typeof Stage, value)
  }
}
