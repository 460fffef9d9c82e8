import type { Scenario } from '../harness/scenario.ts'
import { median } from '../harness/statistics.ts'
import { asyncVariants } from '../peers/async/async-peers.ts'

const SHORT = 20_000
const LONG = 2_000_000
const CONCURRENCY = 16

const compute = (x: number): number => (x * 3) & 0xffff
const fn = (x: number): Promise<number> => Promise.resolve(compute(x))
const add = (sum: number, x: number): number => (sum + x) | 0

function resultOf(size: number): number {
  let sum = 0
  for (let x = 0; x < size; x++) sum = add(sum, compute(x))
  return sum
}

export default {
  question: 'Does an asynchronous map slow down as its input grows?',
  unit: '× (rate at 2 M items over rate at 20 k)',
  better: 'more',
  note: 'Already resolved promises, 16 at once. Left out: those that need more than some seconds for 2 M items.',
  cases: [
    {
      name: '20 k to 2 M items',
      variants: asyncVariants(
        [
          'sluice',
          'p-map iterable',
          'streaming-iterables',
          'p-map, array',
          'sluice unordered',
          'streaming-iterables unordered',
        ],
        run => {
          async function rate(size: number): Promise<number> {
            const start = performance.now()
            const sum = await run(size, fn, CONCURRENCY, add)
            const took = performance.now() - start
            if (sum !== resultOf(size)) throw new Error(`a run of ${size} gave ${sum}`)
            return size / took
          }
          return {
            async measure() {
              const short: number[] = []
              // The first ones warm up, and would make the long run look good.
              for (let run = 0; run < 30; run++) short.push(await rate(SHORT))
              return (await rate(LONG)) / median(short.slice(10))
            },
          }
        },
      ),
      // Two runs of the same process differ by this much without a reason.
      targets: [{ atLeast: 0.9 }],
    },
  ],
} satisfies Scenario
