import { parallelMap, transform } from 'streaming-iterables'
import { type AsyncMap, foldAll, integers } from './async-map.ts'

export const ordered: AsyncMap = (count, fn, concurrency, fold) =>
  foldAll(parallelMap(concurrency, fn, integers(count)), fold)

export const unordered: AsyncMap = (count, fn, concurrency, fold) =>
  foldAll(transform(concurrency, fn, integers(count)), fold)
