import pMap, { pMapIterable } from 'p-map'
import { type AsyncMap, foldAll, integers } from './async-map.ts'

export const ordered: AsyncMap = (count, fn, concurrency, fold) =>
  foldAll(pMapIterable(integers(count), fn, { concurrency }), fold)

export const unordered: AsyncMap = (count, fn, concurrency, fold) =>
  foldAll(pMapIterable(integers(count), fn, { concurrency, preserveOrder: false }), fold)

/** Ordered, and unbounded at its end: every result is kept until the last one is there. */
export const array: AsyncMap = async (count, fn, concurrency, fold) =>
  (await pMap(integers(count), fn, { concurrency })).reduce((sum, x) => fold(sum, x), 0)
