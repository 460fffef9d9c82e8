import type { Scenario } from '../harness/scenario.ts'
import { contenders, inEach } from '../peers/sync-peers.ts'

const add = (sum: number, x: number): number => (sum + x) | 0
const expand = (x: number): number[] => [x, x + 1, x ^ 2, x + 3, x | 4, x + 5, x ^ 6, x + 7, x | 8, x + 9]
const isRare = (x: number): boolean => x % 1000 === 999
const next = (x: number): number => x + 1

export default {
  question:
    'What do a stage that gives ten items for one, and a stage that lets one in a thousand through, cost?',
  unit: 'items/s',
  better: 'more',
  note: 'Counted are the items that go in.',
  cases: [
    {
      name: 'each into ten',
      expected(size) {
        let sum = 0
        for (let i = 0; i < size; i++) for (const x of expand(i)) sum = add(sum, x)
        return sum
      },
      variants: inEach([...contenders, 'fast-webstreams'], ({ range, flatMap, fold, audit }) => ({
        async run(size: number) {
          const sum = await fold(flatMap(range(size), expand), add)
          audit?.()
          return sum
        },
      })),
    },
    {
      name: 'one of a thousand',
      expected(size) {
        let sum = 0
        for (let i = 999; i < size; i += 1000) sum = add(sum, next(i))
        return sum
      },
      variants: inEach([...contenders, 'fast-webstreams'], ({ range, filter, map, fold, audit }) => ({
        async run(size: number) {
          const sum = await fold(map(filter(range(size), isRare), next), add)
          audit?.()
          return sum
        },
      })),
    },
  ],
} satisfies Scenario
