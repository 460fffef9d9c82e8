import type { Scenario, Variant } from '../harness/scenario.ts'
import { openPool, type PoolName } from '../peers/pools/pool-peers.ts'

const pools: PoolName[] = ['sluice', 'tinypool', 'piscina', 'workerpool']

export default {
  question: 'How long is it from the import of the library to the first result of a pool of two?',
  unit: 'ms',
  better: 'less',
  cases: [
    {
      name: 'first result',
      variants: pools.map(
        (name): Variant => ({
          name,
          role: name === 'sluice' ? 'ours' : 'peer',
          async load() {
            const open = await openPool(name)
            return {
              async measure() {
                const start = performance.now()
                const pool = await open()
                const result = await pool.one('pass', 7)
                const took = performance.now() - start
                if (result !== 7) throw new Error(`7 gave ${result}`)
                await pool.close()
                return took
              },
            }
          },
        }),
      ),
      targets: [{ against: 'best peer', among: 'tinypool', atMost: 1.25 }],
    },
  ],
} satisfies Scenario
