import { Effect, Stream } from 'effect'
import type { Verbs } from './verbs.ts'

type Items = Stream.Stream<unknown>

export const effect: Verbs<Items> = {
  range: count => Stream.range(0, count - 1),
  list: items => Stream.fromArray(items),
  map: (source, fn) => Stream.map(source, fn as (item: unknown) => unknown),
  filter: (source, keep) => Stream.filter(source, keep as (item: unknown) => boolean),
  // Stream.scan gives the initial value too, which nobody else does.
  scan: (source, fn, initial) =>
    Stream.drop(
      Stream.scan(source, () => initial as unknown, fn as (value: unknown, item: unknown) => unknown),
      1,
    ),
  // Several times as quick as flattenIterable; nothing here expands into no items, which its type forbids.
  flatMap: (source, fn) =>
    Stream.flattenArray(Stream.map(source, fn as (item: unknown) => [unknown, ...unknown[]])),
  take: (source, count) => Stream.take(source, count),
  batch: (source, size) => Stream.grouped(source, size),
  flatten: source => Stream.flattenArray(source as Stream.Stream<[unknown, ...unknown[]]>),
  fold: (source, fn) =>
    Effect.runPromise(Stream.runFold(source, () => 0, fn as (sum: number, item: unknown) => number)),
}
