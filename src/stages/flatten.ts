import { expansion } from '../engine/expansion.ts'
import type { FixedConcurrencyOptions } from '../engine/limits.ts'
import type { Giver } from '../engine/produce.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link flatten}. */
export interface FlattenOptions<O> extends StageOptions<Giver<O>>, FixedConcurrencyOptions {}

/**
 * Passes on the items of each item: the opposite of `batch`, one level deep.
 *
 * - **Emits** the inner items of arrays, iterables, async iterables and streams, as `flatMap` does.
 *
 * @example
 * ```ts
 * await toArray(from([[1, 2], [3]]).pipeThrough(flatten()))
 * // => [1, 2, 3]
 * ```
 */
export function flatten<O>(options: FlattenOptions<O> = {}): Stage<Giver<O>, Awaited<O>> {
  return stageOf(
    'flatten',
    expansion<Giver<O>, Awaited<O>>('flatten', { apply: item => item }, options),
    options,
  )
}
