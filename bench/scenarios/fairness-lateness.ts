import type { Scenario } from '../harness/scenario.ts'
import { asyncVariants } from '../peers/async/async-peers.ts'
import { lateness } from '../peers/lateness.ts'
import { inEach } from '../peers/sync-peers.ts'

const steps: readonly ((x: number) => number)[] = [x => x + 1, x => x ^ 3, x => x | 1]
const add = (sum: number, x: number): number => (sum + x) | 0
const resolved = (x: number): Promise<number> => Promise.resolve(x + 1)

export default {
  question: 'How late is a timer of 10 ms beside a pipeline that always has work?',
  unit: 'ms late, in 99 of 100 cases no more',
  better: 'less',
  note: 'A figure of 1.5 s means that nothing else ran before the pipeline was through.',
  cases: [
    {
      name: '3 maps',
      variants: inEach(['sluice', 'native', 'RxJS', 'Effect', 'fast-webstreams'], ({ range, map, fold }) => ({
        measure: () =>
          lateness(size =>
            fold(
              steps.reduce((stream, step) => map(stream, step), range(size)),
              add,
            ),
          ),
      })),
      targets: [{ atMost: 15 }],
    },
    {
      name: 'asynchronous map, 16 at once, resolved',
      variants: asyncVariants(
        ['sluice', 'native', 'p-map iterable', 'streaming-iterables', 'sluice unordered'],
        run => ({ measure: () => lateness(size => run(size, resolved, 16, add)) }),
      ),
    },
  ],
} satisfies Scenario
