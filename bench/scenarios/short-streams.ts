import type { Scenario } from '../harness/scenario.ts'
import { contenders, inEach } from '../peers/sync-peers.ts'

const items = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const double = (x: number): number => x * 2
const isBig = (x: number): boolean => x > 4
const shift = (x: number): number => x + 3
const sumUp = (sum: number, x: number): number => sum + x
const halve = (x: number): number => x / 2

/** The sum that one pipeline gives. */
function once(): number {
  let running = 0
  let sum = 0
  for (const x of items) {
    if (!isBig(double(x))) continue
    running = sumUp(running, shift(double(x)))
    sum = sumUp(sum, halve(running))
  }
  return sum
}

export default {
  question: 'How many pipelines a second can be made, run and dropped, as a server does for every request?',
  unit: 'pipelines/s',
  better: 'more',
  note: 'Each has 5 stages (map, filter, map, scan, map) and carries 10 items; one after another.',
  cases: [
    {
      name: '5 stages, 10 items',
      expected: size => size * once(),
      variants: inEach(
        [...contenders, 'async generators', 'fast-webstreams'],
        ({ list, map, filter, scan, fold }) => ({
          async run(size: number) {
            let sum = 0
            for (let made = 0; made < size; made++) {
              const sums = scan(map(filter(map(list(items), double), isBig), shift), sumUp, 0)
              sum += await fold(map(sums, halve), sumUp)
            }
            return sum
          },
        }),
      ),
      targets: [{ against: 'native', atLeast: 1.5 }],
    },
  ],
} satisfies Scenario
