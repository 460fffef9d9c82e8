import type { Case, Scenario, Variant } from '../harness/scenario.ts'
import { handBatched } from '../peers/hand-batched.ts'
import { contenders, inEach } from '../peers/sync-peers.ts'
import { loopsTaken } from '../peers/take-loops.ts'

type Step = (x: number) => number
interface Item {
  readonly id: number
  readonly value: number
}

// Sixteen functions of their own: one that is used twice would be inlined more readily than an application's are.
const steps: readonly Step[] = [
  x => x + 1,
  x => x ^ 3,
  x => x + 2,
  x => x | 1,
  x => x - 1,
  x => x ^ 5,
  x => x + 7,
  x => x & 0xffffff,
  x => x + 11,
  x => x ^ 0x55,
  x => x - 3,
  x => x | 4,
  x => x + 13,
  x => x ^ 9,
  x => x - 7,
  x => x & 0x7fffff,
]

const objectSteps: readonly ((item: Item) => Item)[] = [
  ({ id, value }) => ({ id, value: value + 1 }),
  ({ id, value }) => ({ id, value: value ^ 3 }),
  ({ id, value }) => ({ id, value: value + 2 }),
  ({ id, value }) => ({ id, value: value | 1 }),
  ({ id, value }) => ({ id, value: value - 1 }),
  ({ id, value }) => ({ id, value: value ^ 5 }),
  ({ id, value }) => ({ id, value: value + 7 }),
  ({ id, value }) => ({ id, value: value & 0xffffff }),
  ({ id, value }) => ({ id, value: value + 11 }),
  ({ id, value }) => ({ id, value: value ^ 0x55 }),
  ({ id, value }) => ({ id, value: value - 3 }),
  ({ id, value }) => ({ id, value: value | 4 }),
  ({ id, value }) => ({ id, value: value + 13 }),
  ({ id, value }) => ({ id, value: value ^ 9 }),
  ({ id, value }) => ({ id, value: value - 7 }),
  ({ id, value }) => ({ id, value: value & 0x7fffff }),
]

/** Where nothing is to be learnt from the others that a shorter or longer chain did not tell. */
const quickest = contenders.filter(name => name !== 'IxJS' && name !== 'generators')

const add = (sum: number, x: number): number => (sum + x) | 0
const addValue = (sum: number, item: Item): number => (sum + item.value) | 0

function loop(stages: number, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) {
    let x = i
    for (let at = 0; at < stages; at++) x = (steps[at] as Step)(x)
    sum = (sum + x) | 0
  }
  return sum
}

const plainLoop = (stages: number): Variant => ({
  name: 'plain loop',
  role: 'reference',
  load: async () => ({ run: size => loop(stages, size) }),
})

const integers = (stages: number): Case => {
  const everybody = stages === 3 || stages === 8
  const rest = everybody ? (['async generators', 'fast-webstreams'] as const) : []
  const all = inEach([...contenders, ...rest], verbs => ({
    async run(size: number) {
      let stream = verbs.range(size)
      for (let at = 0; at < stages; at++) stream = verbs.map(stream, steps[at] as Step)
      const sum = await verbs.fold(stream, add)
      verbs.audit?.()
      return sum
    },
  }))
  return {
    name: `${stages} ${stages === 1 ? 'map' : 'maps'}, integers`,
    expected: size => loop(stages, size),
    variants: [
      ...all,
      ...(everybody ? loopsTaken(all) : []),
      ...(everybody ? [handBatched(steps.slice(0, stages))] : []),
      plainLoop(stages),
    ],
    targets: everybody
      ? [
          { against: 'best peer', atLeast: 1.2, on: ['node20', 'node24'] },
          ...(stages === 8 ? [{ against: 'native', atLeast: 150, on: ['node24'] } as const] : []),
        ]
      : [],
  }
}

const objects = (stages: number): Case => ({
  name: `${stages} ${stages === 1 ? 'map' : 'maps'}, objects`,
  expected: size => loop(stages, size),
  variants: inEach(stages === 1 || stages === 16 ? quickest : contenders, verbs => ({
    async run(size: number) {
      let stream = verbs.map(verbs.range(size), (id: number) => ({ id, value: id }))
      for (let at = 0; at < stages; at++) stream = verbs.map(stream, objectSteps[at] as (item: Item) => Item)
      const sum = await verbs.fold(stream, addValue)
      verbs.audit?.()
      return sum
    },
  })),
})

export default {
  question: 'How many items a second go through synchronous maps into a sum?',
  unit: 'items/s',
  better: 'more',
  note: 'Objects are made by one more map in front, and every map makes a new one. "Loops taken": twelve other pipelines were hot first.',
  cases: [...[1, 3, 8, 16].map(integers), ...[1, 3, 8, 16].map(objects)],
} satisfies Scenario
