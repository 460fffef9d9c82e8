import type { Case, Scenario } from '../harness/scenario.ts'
import { inPools, type PoolName, type Shown } from '../peers/pools/pool-peers.ts'
import { speedUp } from '../peers/pools/speed-up.ts'

const pools: (PoolName | Shown)[] = [
  'sluice',
  'tinypool',
  'piscina',
  'workerpool',
  { name: 'tinypool, 32 tasks a worker', role: 'reference' },
  { name: 'tinypool, batches of 256', role: 'reference' },
]

const caseOf = (name: string, micros: number, atLeast: number): Case => ({
  name,
  variants: [
    ...inPools(
      // 256 items of a millisecond are all that there is.
      micros < 1000 ? pools : pools.slice(0, -1),
      pool => ({ measure: () => speedUp(pool, micros) }),
    ),
    {
      name: 'two halves',
      role: 'reference',
      async load() {
        const { halves } = await import('../peers/pools/halves.ts')
        const pool = halves()
        return { measure: () => speedUp(pool, micros), close: () => pool.close() }
      },
    },
  ],
  targets: [{ atLeast }],
})

export default {
  question: 'How much of what two cores could do for busy work is left when a pool hands it out?',
  unit: 'share of twice the speed of one thread',
  better: 'more',
  note: 'two halves: two threads with one message each, which is what the machine allows.',
  figure: 'best',
  cases: [
    caseOf('10 µs an item', 10, 0.8),
    caseOf('100 µs an item', 100, 0.92),
    caseOf('1 ms an item', 1000, 0.92),
  ],
} satisfies Scenario
