import { PASS, SKIP } from '../engine/step.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction, checkInteger, checkOptions } from '../internal/check.ts'
import { Recent } from '../internal/recent.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link distinct}. */
export interface DistinctOptions<I> extends StageOptions<I> {
  /** Keys remembered at the most; the one not seen for longest is forgotten first. Default: all of them. */
  readonly max?: number
}

/**
 * Leaves out items whose key has come before; keys are compared as in a `Set`.
 *
 * - **Emits** the first item of each key. **Holds** the keys it remembers: all of them unless `max` bounds them.
 * - **On error** of the key function: that very error.
 *
 * @param key Called once per item. Default: the item itself.
 * @throws {TypeError} `key` is not a function.
 * @throws {RangeError} `max` is not a positive integer.
 * @example
 * ```ts
 * await toArray(from(['a', 'b', 'A']).pipeThrough(distinct(s => s.toLowerCase())))
 * // => ['a', 'b']
 * ```
 */
export function distinct<I>(key?: (item: I) => unknown, options: DistinctOptions<I> = {}): Stage<I, I> {
  if (key !== undefined) checkFunction('distinct: key', key)
  checkOptions('distinct', options)
  const { max = Infinity } = options
  checkInteger('distinct: max', max, 1, true)
  const recent = new Recent<true>(max)
  const apply = (item: I): symbol => (recent.put(key ? key(item) : item, true) ? SKIP : PASS)
  const seen = new Set<unknown>()
  const plain = (item: I): symbol => {
    const { size } = seen
    return seen.add(key ? key(item) : item).size > size ? PASS : SKIP
  }
  return stageOf('distinct', { step: { apply: max === Infinity ? plain : apply } }, options)
}
