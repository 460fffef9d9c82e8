import { compose, filter, type MapOptions, map, type Stage } from 'sluice'
import type { Problem } from './problem.ts'

/** `map` for work that may fail: a file for which it does is noted and goes no further, and the others go on. */
export function attempt<I extends { readonly path: string }, O extends object>(
  work: (file: I) => Promise<O>,
  note: (problem: Problem) => void,
  options: MapOptions<I>,
): Stage<I, O> {
  const guarded = async (file: I): Promise<O | undefined> => {
    try {
      return await work(file)
    } catch (error) {
      note({ path: file.path, error })
      return undefined
    }
  }
  return compose(
    map(guarded, options),
    filter(result => result !== undefined),
  )
}
