import { filter, from, map, range, reduce, type Stage, scan, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { heat } from '../../src/engine/own-loop.ts'
import { ownLoops } from '../../src/engine/own-loops.ts'
import { heatOf } from '../setup/heat.ts'

const add = (sum: number, n: number): number => sum + n

/** More functions than there are loops; their text is what tells pipelines apart. */
const different: ((n: number) => number)[] = [
  n => n,
  n => n + 1,
  n => n + 2,
  n => n + 3,
  n => n + 4,
  n => n + 5,
  n => n + 6,
  n => n + 7,
  n => n + 8,
  n => n + 9,
]

/** Sums up what a chain gives for a number of items. */
const run = (count: number, ...stages: Stage<number, number>[]): Promise<number> =>
  reduce(
    stages.reduce<ReadableStream<number>>((flow, stage) => flow.pipeThrough(stage), range(0, count)),
    add,
    0,
  )

describe('a group of steps', () => {
  heatOf(0)

  it('gets a loop of its own when it has taken many items, not before', async () => {
    Object.assign(heat, { warm: 4096, hot: 10_000 })
    await run(
      10_000,
      map(n => n + 1),
    )
    expect(heat.owners).toEqual([])
    await run(
      20_000,
      map(n => n + 1),
    )
    expect(heat.owners).toEqual(['(n) => n + 1'])
  })

  it('finds its loop again when the pipeline is made anew', async () => {
    const make = () => [map((n: number) => n + 1), filter((n: number) => n % 3 > 0), scan(add, 0)]
    const sums = [await run(5000, ...make()), await run(5000, ...make())]
    expect(heat.owners).toHaveLength(1)
    expect(sums[0]).toBe(sums[1])
  })

  it('does not ask a function for its text in words of its own', async () => {
    const fn = (n: number): number => n + 1
    fn.toString = () => {
      throw new Error('not to be called')
    }
    await expect(run(3000, map(fn))).resolves.toBe((3000 * 3001) / 2)
  })

  it('does without when none is left', async () => {
    const sums: number[] = []
    for (const fn of different) sums.push(await run(3000, map(fn)))
    expect(heat.owners).toHaveLength(ownLoops.length)
    expect(sums).toEqual(sums.map((_, n) => (3000 * 2999) / 2 + 3000 * n))
  })

  it('of eight functions has half of them in its loop, and gives what all of them make of an item', async () => {
    const eight = () => Array.from({ length: 8 }, () => map((n: number) => n * 2 + 1))
    const flow = eight().reduce<ReadableStream<number>>(
      (flow, stage) => flow.pipeThrough(stage),
      from(Array.from({ length: 600 }, (_, n) => n)),
    )
    expect(await toArray(flow)).toEqual(Array.from({ length: 600 }, (_, n) => n * 256 + 255))
    expect(heat.owners).toHaveLength(1)
  })
})
