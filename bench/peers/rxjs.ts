import {
  bufferCount,
  concatMap,
  filter,
  from,
  lastValueFrom,
  map,
  type Observable,
  range,
  reduce,
  scan,
  take,
} from 'rxjs'
import type { Verbs } from './verbs.ts'

type Items = Observable<unknown>

export const rxjs: Verbs<Items> = {
  range: count => range(0, count),
  list: items => from(items),
  map: (source, fn) => source.pipe(map(fn as (item: unknown) => unknown)),
  filter: (source, keep) => source.pipe(filter(keep as (item: unknown) => boolean)),
  scan: (source, fn, initial) =>
    source.pipe(scan(fn as (value: unknown, item: unknown) => unknown, initial as unknown)),
  flatMap: (source, fn) => source.pipe(concatMap(fn as (item: unknown) => readonly unknown[] as never)),
  take: (source, count) => source.pipe(take(count)),
  batch: (source, size) => source.pipe(bufferCount(size)),
  flatten: source => source.pipe(concatMap(items => items as unknown[])),
  fold: (source, fn) => lastValueFrom(source.pipe(reduce(fn as (sum: number, item: unknown) => number, 0))),
}
