import type { Scenario } from '../harness/scenario.ts'
import { inEach } from '../peers/sync-peers.ts'
import { costOfHandBack } from '../peers/without-hand-back.ts'

const steps: readonly ((x: number) => number)[] = [x => x + 1, x => x ^ 3, x => x | 1]
const add = (sum: number, x: number): number => (sum + x) | 0

export default {
  question: 'What does it cost that a pipeline which always has work hands control back?',
  unit: '% more time than the same pipeline with its clock stopped, so that it never does',
  better: 'less',
  cases: [
    {
      name: '3 maps',
      variants: inEach(['sluice'], ({ range, map, fold }) => ({
        measure: () =>
          costOfHandBack(size =>
            fold(
              steps.reduce((stream, step) => map(stream, step), range(size)),
              add,
            ),
          ),
      })),
      targets: [{ atMost: 3 }],
    },
  ],
} satisfies Scenario
