import type { AsyncMap } from './async-map.ts'

/** The platform's streams have no concurrency: a transform enqueues the promise, and the end awaits it. */
export const ordered: AsyncMap = async (count, fn, concurrency, fold) => {
  let next = 0
  const source = new ReadableStream<number>({
    pull: control => (next < count ? control.enqueue(next++) : control.close()),
  })
  const started = source.pipeThrough(
    new TransformStream<number, { result: Promise<number> }>(
      // In an object, since a promise that is given to a stream by itself would be awaited where it is passed on.
      { transform: (x, control) => control.enqueue({ result: fn(x) }) },
      undefined,
      { highWaterMark: concurrency - 1 },
    ),
  )
  let sum = 0
  for await (const { result } of started) sum = fold(sum, await result)
  return sum
}
