import type { Case, Scenario } from '../harness/scenario.ts'
import { median } from '../harness/statistics.ts'
import { inPools, type PoolName } from '../peers/pools/pool-peers.ts'
import type { Work } from '../peers/pools/work-pool.ts'

const pools: PoolName[] = ['sluice', 'tinypool', 'piscina', 'workerpool']
const WARM_UP = 20

const caseOf = (
  name: string,
  task: Work['task'],
  itemOf: (n: number) => number,
  count: number,
  atMost: number,
): Case => ({
  name,
  variants: inPools(pools, ({ one }) => ({
    async measure() {
      const times: number[] = []
      for (let n = 0; n < WARM_UP + count; n++) {
        const item = itemOf(n)
        const start = performance.now()
        const result = await one(task, item)
        if (n >= WARM_UP) times.push(performance.now() - start)
        if (result !== item) throw new Error(`${item} gave ${result}`)
      }
      return median(times)
    },
  })),
  targets: [{ against: 'best peer', among: 'tinypool', atMost }],
})

export default {
  question: 'How long does an item take there and back when it is the only one?',
  unit: 'ms',
  better: 'less',
  note: 'The median of the items of a process. 10 ms is how long the function keeps its thread busy.',
  cases: [
    // A hundredth is less than the same pool differs by from one process to the next.
    caseOf('10 ms of work', 'hold', () => 10, 60, 1.01),
    caseOf('no work', 'pass', n => n, 3000, 1),
  ],
} satisfies Scenario
