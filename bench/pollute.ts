import {
  batch,
  count,
  filter,
  flatMap,
  flatten,
  from,
  map,
  range,
  reduce,
  scan,
  take,
  tap,
  toArray,
} from 'sluice'

/**
 * Runs pipelines of other shapes first, as a real application does: in a fresh process V8 inlines the one chain it
 * has seen, and the figures flatter.
 */
export async function pollute(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const words = Array.from({ length: 3000 }, (_, i) => ({ i, word: `w${i}` }))
    await toArray(
      from(words)
        .pipeThrough(map(o => ({ ...o, n: o.i })))
        .pipeThrough(map(o => o.word)),
    )
    await toArray(
      from(words)
        .pipeThrough(map(o => o.word.length))
        .pipeThrough(scan((a, b) => a + b, 0))
        .pipeThrough(take(999)),
    )
    await toArray(
      range(0, 3000)
        .pipeThrough(filter(n => n % 2))
        .pipeThrough(batch({ size: 10 }))
        .pipeThrough(flatten()),
    )
    await count(
      range(0, 3000)
        .pipeThrough(flatMap(n => [n, n]))
        .pipeThrough(tap(() => {}))
        .pipeThrough(map(String)),
    )
    await reduce(
      range(0, 3000)
        .pipeThrough(map(async n => n))
        .pipeThrough(map(n => n * 1.5)),
      (a, b) => a + b,
      0,
    )
    for await (const pair of range(0, 1000).pipeThrough(map(n => [n]))) void pair
  }
}
