import { Effect, Stream } from 'effect'
import type { AsyncMap } from './async-map.ts'

const run =
  (unordered: boolean): AsyncMap =>
  (count, fn, concurrency, fold) =>
    Effect.runPromise(
      Stream.runFold(
        Stream.mapEffect(Stream.range(0, count - 1), x => Effect.promise(() => fn(x)), {
          concurrency,
          unordered,
        }),
        () => 0,
        fold,
      ),
    )

export const ordered = run(false)
export const unordered = run(true)
