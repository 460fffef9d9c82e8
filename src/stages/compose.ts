import { composed } from '../fused-stage.ts'
import { show } from '../internal/check.ts'
import type { Stage } from '../stage.ts'

/** A stage, or any other pair of streams. */
type Pair<I, O> = ReadableWritablePair<O, I>

/**
 * One stage out of several: the nested pipeline. What is piped into it goes into the first, what it gives comes from
 * the last; its `stats()` are the first stage's name and account, with the last one's `emitted`.
 *
 * - **Emits**, **holds** and **waits** as its stages do.
 *
 * @throws {TypeError} No stage, something that is not a stage, or one that is in use already.
 * @example
 * ```ts
 * const parse = () => compose(map((line: string) => line.trim()), filter(line => line !== ''))
 * await toArray(from([' a', '  ', 'b ']).pipeThrough(parse()))
 * // => ['a', 'b']
 * ```
 */
export function compose<A, B>(a: Pair<A, B>): Stage<A, B>
export function compose<A, B, C>(a: Pair<A, B>, b: Pair<B, C>): Stage<A, C>
export function compose<A, B, C, D>(a: Pair<A, B>, b: Pair<B, C>, c: Pair<C, D>): Stage<A, D>
export function compose<A, B, C, D, E>(
  a: Pair<A, B>,
  b: Pair<B, C>,
  c: Pair<C, D>,
  d: Pair<D, E>,
): Stage<A, E>
export function compose<A, B, C, D, E, F>(
  a: Pair<A, B>,
  b: Pair<B, C>,
  c: Pair<C, D>,
  d: Pair<D, E>,
  e: Pair<E, F>,
): Stage<A, F>
export function compose<A, B, C, D, E, F, G>(
  a: Pair<A, B>,
  b: Pair<B, C>,
  c: Pair<C, D>,
  d: Pair<D, E>,
  e: Pair<E, F>,
  f: Pair<F, G>,
): Stage<A, G>
export function compose<A, B, C, D, E, F, G, H>(
  a: Pair<A, B>,
  b: Pair<B, C>,
  c: Pair<C, D>,
  d: Pair<D, E>,
  e: Pair<E, F>,
  f: Pair<F, G>,
  g: Pair<G, H>,
): Stage<A, H>
export function compose(...stages: Pair<unknown, unknown>[]): Stage<unknown, unknown> {
  const [first, ...rest] = stages
  if (!first) throw new TypeError('compose: at least one stage is needed')
  for (const [at, stage] of stages.entries()) {
    if (!(stage?.readable instanceof ReadableStream) || typeof stage.writable?.getWriter !== 'function') {
      throw new TypeError(`compose: argument ${at} must be a stage, received ${show(stage)}`)
    }
  }
  let readable = first.readable
  for (const stage of rest) readable = readable.pipeThrough(stage)
  // Piping locks all other sides, and these two where the same stage comes twice.
  if (first.writable.locked || readable.locked) {
    throw new TypeError(
      'compose: the stage is in use already; to use it again, write a function that returns a new one',
    )
  }
  return composed(first, readable, stages as Partial<Stage>[])
}
