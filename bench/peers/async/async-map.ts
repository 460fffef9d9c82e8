/** A library's way of running an asynchronous function on `count` integers, several at once, into a fold. */
export type AsyncMap = (
  count: number,
  fn: (x: number) => Promise<number>,
  concurrency: number,
  fold: (sum: number, x: number) => number,
) => Promise<number>

/** The source of every peer that takes an iterable; an array would have to be made first. */
export function* integers(count: number): Generator<number, void, undefined> {
  for (let next = 0; next < count; next++) yield next
}

export async function foldAll(
  results: AsyncIterable<number> | Iterable<number>,
  fold: (sum: number, x: number) => number,
): Promise<number> {
  let sum = 0
  for await (const x of results) sum = fold(sum, x)
  return sum
}
