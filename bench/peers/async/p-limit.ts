import pLimit from 'p-limit'
import { type AsyncMap, integers } from './async-map.ts'

/** As its users write it: a promise for every item at once, so that the input and every result are held. */
export const array: AsyncMap = async (count, fn, concurrency, fold) => {
  const limit = pLimit(concurrency)
  const results = await Promise.all(Array.from(integers(count), x => limit(fn, x)))
  return results.reduce((sum, x) => fold(sum, x), 0)
}
