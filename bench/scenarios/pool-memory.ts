import type { Case, Scenario } from '../harness/scenario.ts'
import type { Weights } from '../peers/pools/slow-consumer.ts'

const ITEMS = 1_000_000

/** By how much the end is above the beginning, which is the second tenth: by then all has its size. */
function growth(series: readonly number[], of: (figures: readonly number[]) => number): number {
  const tenth = Math.floor(series.length / 10)
  return (of(series.slice(-tenth)) - of(series.slice(tenth, 2 * tenth))) / 1e6
}

const highest = (figures: readonly number[]): number => Math.max(...figures)
/** Nobody can tell a worker to collect: what it holds is what is left when it just has. */
const lowest = (figures: readonly number[]): number => Math.min(...figures)

const caseOf = (name: string, figure: (weights: Weights) => number, atMost: number): Case => ({
  name,
  variants: [
    {
      name: 'sluice',
      role: 'ours',
      load: async () => ({
        async measure() {
          const { runSlowConsumer } = await import('../peers/pools/slow-consumer.ts')
          return figure(await runSlowConsumer(ITEMS))
        },
      }),
    },
  ],
  targets: [{ atMost }],
})

export default {
  question:
    'By how much does memory grow while 1 M items go through two workers to a consumer that is slower than they?',
  unit: 'MB, the last tenth less the second',
  better: 'less',
  rounds: 3,
  cases: [
    caseOf('the process', ({ rss }) => growth(rss, highest), 10),
    caseOf('the heap here', ({ heap }) => growth(heap, highest), 2),
    caseOf(
      'the heap of a worker',
      ({ workers }) => Math.max(...workers.map(heaps => growth(heaps, lowest))),
      2,
    ),
  ],
} satisfies Scenario
