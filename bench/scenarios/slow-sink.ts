import { collectGarbage } from '../harness/collect-garbage.ts'
import type { Scenario } from '../harness/scenario.ts'
import { runSlowSink } from '../peers/slow-sink.ts'

const MILLIONS = 10

export default {
  question:
    'Do ten million items through five stages into a slow sink leave the heap flat and every inbox bounded?',
  unit: 'MB of heap after a collection, the last million less the first',
  better: 'less',
  note: 'A stage that holds more than its capacity fails the run.',
  cases: [
    {
      name: '10 M items',
      variants: [
        {
          name: 'sluice',
          role: 'ours',
          load: async () => ({
            async measure() {
              const heap: number[] = []
              await runSlowSink(MILLIONS, () => {
                collectGarbage()
                heap.push(process.memoryUsage().heapUsed / 1e6)
              })
              return (heap.at(-1) as number) - (heap[0] as number)
            },
          }),
        },
      ],
      targets: [{ atMost: 2 }],
    },
  ],
} satisfies Scenario
