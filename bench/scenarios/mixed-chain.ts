import type { Scenario } from '../harness/scenario.ts'
import { contenders, inEach } from '../peers/sync-peers.ts'
import { loopsTaken } from '../peers/take-loops.ts'

const mix = (x: number): number => (x * 31 + 7) & 0xffffff
const isEven = (x: number): boolean => (x & 1) === 0
const sumUp = (sum: number, x: number): number => (sum + x) | 0
const SIZE = 100

function loop(size: number): number {
  let running = 0
  let sum = 0
  for (let i = 0; i < size; i++) {
    const x = mix(i)
    if (!isEven(x)) continue
    running = sumUp(running, x)
    sum = sumUp(sum, running)
  }
  return sum
}

const all = inEach(
  [...contenders.filter(name => name !== '@most/core'), 'async generators', 'fast-webstreams'],
  ({ range, map, filter, batch, flatten, scan, fold, audit }) => ({
    async run(size: number) {
      if (batch === undefined || flatten === undefined) throw new Error('no batch')
      const groups = batch(filter(map(range(size), mix), isEven), SIZE)
      const sum = await fold(scan(flatten(groups), sumUp, 0), sumUp)
      audit?.()
      return sum
    },
  }),
)

export default {
  question:
    'How many items a second go through map, filter (half), batch of 100, flatten and scan into a sum?',
  unit: 'items/s',
  better: 'more',
  note: '@most/core is missing: it has no batch. "Loops taken": twelve other pipelines were hot first.',
  cases: [
    {
      name: 'mixed chain',
      expected: loop,
      variants: [
        ...all,
        ...loopsTaken(all),
        { name: 'plain loop', role: 'reference', load: async () => ({ run: loop }) },
      ],
      targets: [{ against: 'best peer', atLeast: 2 }],
    },
  ],
} satisfies Scenario
