import type { Case, Scenario, Subject, Variant } from '../harness/scenario.ts'
import { pollute } from '../peers/pollute.ts'
import { type Hop, sumOf } from '../peers/queues/hop.ts'
import type { Verbs } from '../peers/verbs.ts'

const loadSluice = () => import('../peers/queues/sluice.ts')
const loadNative = () => import('../peers/queues/native.ts')
const loadFast = () => import('../peers/queues/fast-webstreams.ts')

/** A queue has run in the polluted process too, in every form that its library has, behind other pipelines. */
async function subject<S>(
  hop: Hop,
  forms: Record<string, Hop>,
  verbs: Promise<Verbs<S>> | undefined,
): Promise<Subject> {
  return {
    async pollute() {
      if (verbs !== undefined) await pollute(await verbs)
      for (const form of Object.values(forms)) for (const count of [10, 100, 1000]) await form(count)
    },
    run: hop,
  }
}

const ours = (name: string, pick: (forms: Awaited<ReturnType<typeof loadSluice>>) => Hop): Variant => ({
  name,
  role: 'ours',
  async load() {
    const forms = await loadSluice()
    return subject(
      pick(forms),
      { ...forms },
      import('../peers/sluice.ts').then(({ sluice }) => sluice),
    )
  },
})

const native = (form: 'sendToReader' | 'pushToSink', name = 'native'): Variant => ({
  name,
  role: 'native',
  async load() {
    const forms = await loadNative()
    const { sendToReader, pushToSink } = forms
    return subject(
      forms[form],
      { sendToReader, pushToSink },
      import('../peers/native.ts').then(({ native }) => native),
    )
  },
})

const fast = (form: 'sendToReader' | 'pushToSink'): Variant => ({
  name: 'fast-webstreams',
  role: 'peer',
  async load() {
    const forms = await loadFast()
    return subject(
      forms[form],
      { ...forms },
      import('../peers/fast-webstreams.ts').then(({ fastWebstreams }) => fastWebstreams),
    )
  },
})

const cases: Case[] = [
  {
    name: 'a promise per item',
    expected: sumOf,
    variants: [
      ours('sluice', ({ sendToForEach }) => sendToForEach),
      ours('sluice, send to for await', ({ sendToLoop }) => sendToLoop),
      ours('sluice, send to reader', ({ sendToReader }) => sendToReader),
      ours('sluice, writer to reader', ({ writeToReader }) => writeToReader),
      native('sendToReader'),
      fast('sendToReader'),
      {
        name: 'array by hand',
        role: 'reference',
        load: async () => ({ run: (await import('../peers/queues/array-queue.ts')).sendToReader }),
      },
    ],
    targets: [{ against: 'native', atLeast: 5, on: ['node24'] }],
  },
  {
    name: 'trySend, synchronous consumer',
    expected: sumOf,
    variants: [
      ours('sluice', ({ pushToForEach }) => pushToForEach),
      ours('sluice, to reduce', ({ pushToReduce }) => pushToReduce),
      native('pushToSink'),
      native('sendToReader', 'native, each awaited'),
      fast('pushToSink'),
    ],
    targets: [{ against: 'native', atLeast: 40, on: ['node24'] }],
  },
]

export default {
  question: 'How many items a second go through a bounded queue of 64, one at a time?',
  unit: 'items/s',
  better: 'more',
  note: 'sluice: await channel.send(x), or trySend(x) and send(x) when it is full. native: a TransformStream and its writer, awaited for each item, or only when it is full. At the other end forEach(), for await, or a reader that is awaited for each item.',
  cases,
} satisfies Scenario
