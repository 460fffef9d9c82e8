import type { Case, Scenario, Target } from '../harness/scenario.ts'
import { asyncVariants } from '../peers/async/async-peers.ts'

const compute = (x: number): number => (x * 3) & 0xffff

/** Between 0 and 7 ms, the same for the same item in every library. */
const delayOf = (x: number): number => ((x * 7919) >>> 3) % 8

const functions: Record<string, (x: number) => Promise<number>> = {
  resolved: x => Promise.resolve(compute(x)),
  setImmediate: x => new Promise(resolve => setImmediate(() => resolve(compute(x)))),
  'timers of 0 to 7 ms': x => new Promise(resolve => setTimeout(() => resolve(compute(x)), delayOf(x))),
}

const add = (sum: number, x: number): number => (sum + x) | 0
/** Gives another result if two items change places. */
const inOrder = (sum: number, x: number): number => (Math.imul(sum, 31) + x) | 0

const resultOf =
  (fold: (sum: number, x: number) => number) =>
  (size: number): number => {
    let sum = 0
    for (let x = 0; x < size; x++) sum = fold(sum, compute(x))
    return sum
  }

/** Where nothing is to be learnt from the others that the first cases did not tell. */
const quickest = [
  'sluice',
  'native',
  'p-map iterable',
  'streaming-iterables',
  'Node Readable.map',
  'sluice unordered',
  'p-map iterable unordered',
  'streaming-iterables unordered',
]

const targets: readonly Target[] = [
  { against: 'best peer', atLeast: 2 },
  { against: 'best peer', group: 'unordered', atLeast: 1 },
]

const cases = [16, 256].flatMap(concurrency =>
  Object.entries(functions).map(([kind, fn]): Case => {
    // What a function that waits for a timer allows is given by the timer, so that nobody has to reach anything.
    const telling = concurrency === 16 && !kind.startsWith('timers')
    return {
      name: `${concurrency} at once, ${kind}`,
      variants: asyncVariants(telling ? undefined : quickest, (run, { group }) => {
        const fold = group === 'ordered' ? inOrder : add
        return { run: size => run(size, fn, concurrency, fold), expected: resultOf(fold) }
      }),
      targets: telling ? targets : [],
    }
  }),
)

export default {
  question: 'How many items a second go through an asynchronous map with several items at once?',
  unit: 'items/s',
  better: 'more',
  note: 'Ranked apart: those that keep the order of the items, and those that do not. Variants marked "array" hold all results.',
  cases,
} satisfies Scenario
