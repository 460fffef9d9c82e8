import { from, type IterableX, range } from 'ix/iterable'
import { buffer, filter, flatMap, map, scan, take } from 'ix/iterable/operators'
import type { Verbs } from './verbs.ts'

type Items = IterableX<unknown>

/** Its synchronous half, which is the fast one. */
export const ix: Verbs<Items> = {
  range: count => range(0, count),
  list: items => from(items),
  map: (source, fn) => source.pipe(map(fn as (item: unknown) => unknown)),
  filter: (source, keep) => source.pipe(filter(keep as (item: unknown) => boolean)),
  scan: (source, fn, initial) =>
    source.pipe(
      scan({ callback: fn as (value: unknown, item: unknown) => unknown, seed: initial as unknown }),
    ),
  flatMap: (source, fn) => source.pipe(flatMap(fn as (item: unknown) => unknown[])),
  take: (source, count) => source.pipe(take(count)),
  batch: (source, size) => source.pipe(buffer(size)),
  flatten: source => source.pipe(flatMap(items => items as unknown[])),
  async fold(source, fn) {
    let sum = 0
    for (const item of source) sum = fn(sum, item as never)
    return sum
  },
}
