import { map, range, reduce } from 'sluice'
import type { AsyncMap } from './async-map.ts'

export const ordered: AsyncMap = (count, fn, concurrency, fold) =>
  reduce(range(0, count).pipeThrough(map((x: number) => fn(x), { concurrency })), fold, 0)

export const unordered: AsyncMap = (count, fn, concurrency, fold) =>
  reduce(range(0, count).pipeThrough(map((x: number) => fn(x), { concurrency, ordered: false })), fold, 0)
