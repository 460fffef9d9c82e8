import type { Verbs } from './verbs.ts'

type Items = Iterable<unknown>

/** What a careful programmer writes without a library. */
export const generators: Verbs<Items> = {
  *range(count) {
    for (let next = 0; next < count; next++) yield next
  },
  list: items => items,
  *map(source, fn) {
    for (const item of source) yield fn(item as never)
  },
  *filter(source, keep) {
    for (const item of source) if (keep(item as never)) yield item
  },
  *scan(source, fn, initial) {
    let value = initial
    for (const item of source) {
      value = fn(value, item as never)
      yield value
    }
  },
  *flatMap(source, fn) {
    for (const item of source) for (const each of fn(item as never)) yield each
  },
  *take(source, count) {
    if (count <= 0) return
    let left = count
    for (const item of source) {
      yield item
      if (--left === 0) return
    }
  },
  *batch(source, size) {
    let group: unknown[] = []
    for (const item of source) {
      if (group.push(item) < size) continue
      yield group
      group = []
    }
    if (group.length > 0) yield group
  },
  *flatten(source) {
    for (const items of source) for (const item of items as Items) yield item
  },
  async fold(source, fn) {
    let sum = 0
    for (const item of source) sum = fn(sum, item as never)
    return sum
  },
}
