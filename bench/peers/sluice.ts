import {
  batch,
  type Flow,
  filter,
  flatMap,
  flatten,
  from,
  map,
  range,
  reduce,
  type Stage,
  scan,
  take,
} from 'sluice'
import type { Verbs } from './verbs.ts'

type Items = Flow<unknown>

/** The stages of the pipeline that was made last: what they have counted is checked after a long run. */
let made: Stage<unknown, unknown>[] = []

function through(source: Items, stage: Stage<never, unknown>): Items {
  made.push(stage as unknown as Stage<unknown, unknown>)
  return source.pipeThrough(stage as unknown as Stage<unknown, unknown>)
}

function start(flow: Items): Items {
  made = []
  return flow
}

export const sluice: Verbs<Items> = {
  range: count => start(range(0, count)),
  list: items => start(from(items)),
  map: (source, fn) => through(source, map(fn)),
  filter: (source, keep) => through(source, filter(keep)),
  scan: (source, fn, initial) => through(source, scan(fn, initial)),
  flatMap: (source, fn) => through(source, flatMap(fn)),
  take: (source, count) => through(source, take(count)),
  batch: (source, size) => through(source, batch<unknown>({ size }) as Stage<never, unknown>),
  flatten: source => through(source, flatten<unknown>() as unknown as Stage<never, unknown>),
  fold: (source, fn) => reduce(source, fn as (sum: number, item: unknown) => number, 0),
  audit() {
    let given: number | undefined
    for (const stage of made) {
      const { name, received, done, emitted } = stage.stats()
      if (received !== done || (given !== undefined && received !== given)) {
        throw new Error(`${name} has lost count: ${given} given, ${received} received, ${done} done`)
      }
      given = emitted
    }
  },
}
