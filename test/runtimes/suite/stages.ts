import type { ParallelOptions, ParallelStage, PoolOptions } from 'sluice/parallel'
import * as library from 'sluice/parallel'

// The suite's worker is JavaScript: its functions have no types.
// biome-ignore-start lint/suspicious/noExplicitAny: see above
type AnyOptions = Omit<ParallelOptions<any, any, string>, 'onError'> & {
  readonly onError?: 'fail' | 'skip' | ((error: any, item: any) => unknown)
}

export const parallel = library.parallel as unknown as (
  target: any,
  options?: AnyOptions,
) => ParallelStage<any, any>

export const createPool = library.createPool as (target: any, options?: PoolOptions) => library.Pool
// biome-ignore-end lint/suspicious/noExplicitAny: see above
