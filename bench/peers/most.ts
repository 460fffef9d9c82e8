import { chain, filter, map, newStream, propagateTask, runEffects, scan, skip, take, tap } from '@most/core'
import { asap, newDefaultScheduler } from '@most/scheduler'
import type { Stream } from '@most/types'
import type { Verbs } from './verbs.ts'

type Items = Stream<unknown>

const scheduler = newDefaultScheduler()

/** @most/core has no source of many items at once; this is its way of writing one: a task that pushes them all. */
function source(count: number, at: (index: number) => unknown): Items {
  return newStream((sink, scheduler) =>
    asap(
      propagateTask(
        time => {
          for (let index = 0; index < count; index++) sink.event(time, at(index))
          sink.end(time)
        },
        undefined,
        sink,
      ),
      scheduler,
    ),
  )
}

/** No `batch` and no `flatten`: @most/core has neither. */
export const most: Verbs<Items> = {
  range: count => source(count, index => index),
  list: items => source(items.length, index => items[index]),
  map: (stream, fn) => map(fn as (item: unknown) => unknown, stream),
  filter: (stream, keep) => filter(keep as (item: unknown) => boolean, stream),
  // Its scan gives the initial value too, which nobody else does.
  scan: (stream, fn, initial) =>
    skip(1, scan(fn as (value: unknown, item: unknown) => unknown, initial as unknown, stream)),
  flatMap: (stream, fn) =>
    chain(item => {
      const items = fn(item as never)
      return source(items.length, index => items[index])
    }, stream),
  take: (stream, count) => take(count, stream),
  async fold(stream, fn) {
    let sum = 0
    const add = (item: unknown): void => {
      sum = fn(sum, item as never)
    }
    await runEffects(tap(add, stream), scheduler)
    return sum
  },
}
