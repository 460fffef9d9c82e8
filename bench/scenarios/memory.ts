import type { Scenario } from '../harness/scenario.ts'
import { inEach, type PeerName } from '../peers/sync-peers.ts'

const ITEMS = 5_000_000
/** Those that would need minutes carry a tenth. */
const FEW = ITEMS / 10
const LOOK_EVERY = 50_000

const steps: readonly ((x: number) => number)[] = [x => x + 1, x => x ^ 3, x => x * 1.5]
const quick: PeerName[] = ['sluice', '@most/core', 'RxJS', 'Effect', 'IxJS', 'generators', 'fast-webstreams']
const slow: PeerName[] = ['native', 'web-streams-polyfill']

const rss = (): number => process.memoryUsage().rss / 1e6

const variants = (names: readonly PeerName[], items: number) =>
  inEach(names, ({ range, map, fold }) => ({
    async measure() {
      const before = rss()
      let highest = before
      const seen = await fold(
        steps.reduce((stream, step) => map(stream, step), range(items)),
        (count: number) => {
          if (count % LOOK_EVERY === 0) highest = Math.max(highest, rss())
          return count + 1
        },
      )
      if (seen !== items) throw new Error(`${items - seen} items are missing`)
      return Math.max(highest, rss()) - before
    },
  }))

export default {
  question: 'By how much does the memory of a process grow while it carries 5 M items through 3 maps?',
  unit: 'MB of RSS, the highest less that before',
  better: 'less',
  cases: [
    { name: '5 M items', variants: variants(quick, ITEMS), targets: [{ atMost: 15 }] },
    { name: '0.5 M items', variants: variants(slow, FEW) },
  ],
} satisfies Scenario
