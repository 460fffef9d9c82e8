import { lastValueFrom, mergeMap, range, reduce } from 'rxjs'
import type { AsyncMap } from './async-map.ts'

export const unordered: AsyncMap = (count, fn, concurrency, fold) =>
  lastValueFrom(range(0, count).pipe(mergeMap(fn, concurrency), reduce(fold, 0)))
