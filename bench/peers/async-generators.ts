import type { Verbs } from './verbs.ts'

type Items = AsyncIterable<unknown>

/** The same, written so that any stage may wait. */
export const asyncGenerators: Verbs<Items> = {
  async *range(count) {
    for (let next = 0; next < count; next++) yield next
  },
  async *list(items) {
    yield* items
  },
  async *map(source, fn) {
    for await (const item of source) yield fn(item as never)
  },
  async *filter(source, keep) {
    for await (const item of source) if (keep(item as never)) yield item
  },
  async *scan(source, fn, initial) {
    let value = initial
    for await (const item of source) {
      value = fn(value, item as never)
      yield value
    }
  },
  async *flatMap(source, fn) {
    for await (const item of source) for (const each of fn(item as never)) yield each
  },
  async *take(source, count) {
    if (count <= 0) return
    let left = count
    for await (const item of source) {
      yield item
      if (--left === 0) return
    }
  },
  async *batch(source, size) {
    let group: unknown[] = []
    for await (const item of source) {
      if (group.push(item) < size) continue
      yield group
      group = []
    }
    if (group.length > 0) yield group
  },
  async *flatten(source) {
    for await (const items of source) for (const item of items as Iterable<unknown>) yield item
  },
  async fold(source, fn) {
    let sum = 0
    for await (const item of source) sum = fn(sum, item as never)
    return sum
  },
}
