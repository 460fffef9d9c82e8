import type { Case, Scenario } from '../harness/scenario.ts'
import type { Weights } from '../peers/pools/slow-consumer.ts'

const ITEMS = 1_000_000
/** MB of each half of it. */
const ROOM = ['--min-semi-space-size=2', '--max-semi-space-size=2']

/** By how much the end is above the beginning, which is the second tenth: by then all has its size. */
function growth(series: readonly number[], of: (figures: readonly number[]) => number): number {
  const tenth = Math.floor(series.length / 10)
  return (of(series.slice(-tenth)) - of(series.slice(tenth, 2 * tenth))) / 1e6
}

const highest = (figures: readonly number[]): number => Math.max(...figures)
/** Nobody can tell a worker to collect: what it holds is what is left when it just has. */
const lowest = (figures: readonly number[]): number => Math.min(...figures)

const caseOf = (
  name: string,
  figure: (weights: Weights) => number,
  atMost?: number,
  v8Flags: readonly string[] = [],
): Case => ({
  name,
  v8Flags,
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
  targets: atMost === undefined ? [] : [{ atMost }],
})

export default {
  question:
    'By how much does memory grow while 1 M items go through two workers to a consumer that is slower than they?',
  unit: 'MB, the last tenth less the second',
  better: 'less',
  rounds: 3,
  cases: [
    // V8 makes room for new objects whenever some live through a collection: up to 48 MB a thread. It is shown, and bound by nothing.
    caseOf('the process', ({ rss }) => growth(rss, highest)),
    caseOf('the process, its room for new objects fixed', ({ rss }) => growth(rss, highest), 4, ROOM),
    caseOf('the heap here', ({ heap }) => growth(heap, highest), 2),
    caseOf(
      'the heap of a worker',
      ({ workers }) => Math.max(...workers.map(heaps => growth(heaps, lowest))),
      2,
    ),
  ],
} satisfies Scenario
