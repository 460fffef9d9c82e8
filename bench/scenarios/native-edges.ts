import type { Case, Scenario, Target, Variant } from '../harness/scenario.ts'
import { body, CHUNKS, changes, respond, sumOfBodies } from '../peers/edges/bytes.ts'
import type { Chain } from '../peers/edges/chains.ts'
import { type End, forAwait, intoSink, numbers, steps, sumOf, throughReader } from '../peers/edges/edges.ts'
import { pollute } from '../peers/pollute.ts'

type Run = (chain: Chain) => (size: number) => Promise<number>

const loadSluice = async () => ({
  chains: await import('../peers/edges/sluice.ts'),
  polluted: async () => pollute((await import('../peers/sluice.ts')).sluice),
})

/** Other ends than the one that is measured have been used in the process too. */
async function mixEnds(chain: Chain): Promise<void> {
  for (const end of [intoSink, forAwait, throughReader]) {
    await end(chain(numbers(500), steps.slice(1)))
    await end(chain(numbers(500).pipeThrough(new TransformStream()), [x => x / 2]))
  }
}

const variants = (run: Run): Variant[] => [
  ...(['sluice', 'sluice, piped into'] as const).map(
    (name): Variant => ({
      name,
      role: 'ours',
      async load() {
        const { chains, polluted } = await loadSluice()
        const chain = name === 'sluice' ? chains.fromSource : chains.piped
        return { pollute: () => polluted().then(() => mixEnds(chain)), run: run(chain) }
      },
    }),
  ),
  {
    name: 'native',
    role: 'native',
    async load() {
      const { chain } = await import('../peers/edges/native.ts')
      const { native } = await import('../peers/native.ts')
      return { pollute: () => pollute(native).then(() => mixEnds(chain)), run: run(chain) }
    },
  },
]

/** Both ways in have to be as quick: which one is written is a matter of taste. */
const bothWays = (target: Target): Target[] => [target, { ...target, of: 'sluice, piped into' }]

const items = (stages: number, into: string, end: End, atLeast?: number): Case => ({
  name: `${stages} ${stages === 1 ? 'stage' : 'stages'}, ${into}`,
  expected: size => sumOf(stages, size),
  variants: variants(chain => size => end(chain(numbers(size), steps.slice(0, stages)))),
  targets: atLeast === undefined ? [] : bothWays({ against: 'native', atLeast }),
})

const bytes: Case = {
  name: 'bytes, 64 KB chunks, 3 stages, into a Response',
  expected: sumOfBodies,
  unitsPerSize: CHUNKS,
  variants: variants(chain => async size => {
    let sum = 0
    for (let response = 0; response < size; response++) sum += await respond(chain(body(), changes))
    return sum
  }),
  targets: bothWays({ against: 'native', atLeast: 1 }),
}

export default {
  question: 'What do stages between streams of the platform cost?',
  unit: 'items/s',
  better: 'more',
  note: 'sluice: from(source).pipeThrough(map(f)); "piped into": source.pipeThrough(map(f)). For bytes an item is a chunk of 64 KB, and a run is as many bodies of 4 MB as it takes.',
  cases: [
    items(1, 'into a sink', intoSink, 1),
    items(3, 'into a sink', intoSink, 2.5),
    items(1, 'for await', forAwait),
    items(3, 'for await', forAwait),
    items(3, 'getReader', throughReader),
    bytes,
  ],
} satisfies Scenario
