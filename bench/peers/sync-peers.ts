import type { Subject, Variant } from '../harness/scenario.ts'
import { pollute } from './pollute.ts'
import type { Verbs } from './verbs.ts'

const entry = <S>(name: string, role: Variant['role'], load: () => Promise<Verbs<S>>) => ({
  name,
  role,
  // Whoever uses the verbs need not know what this library calls a stream.
  load: load as () => Promise<Verbs<unknown>>,
})

/** Every library that runs synchronous pipelines. Each is imported only by the process that measures it. */
const peers = [
  entry('sluice', 'ours', async () => (await import('./sluice.ts')).sluice),
  entry('native', 'native', async () => (await import('./native.ts')).native),
  entry('@most/core', 'peer', async () => (await import('./most.ts')).most),
  entry('RxJS', 'peer', async () => (await import('./rxjs.ts')).rxjs),
  entry('Effect', 'peer', async () => (await import('./effect.ts')).effect),
  entry('IxJS', 'peer', async () => (await import('./ix.ts')).ix),
  entry('generators', 'peer', async () => (await import('./generators.ts')).generators),
  entry('async generators', 'peer', async () => (await import('./async-generators.ts')).asyncGenerators),
  entry('fast-webstreams', 'peer', async () => (await import('./fast-webstreams.ts')).fastWebstreams),
  entry('web-streams-polyfill', 'peer', async () => (await import('./polyfill.ts')).polyfill),
] as const

export type PeerName =
  | 'sluice'
  | 'native'
  | '@most/core'
  | 'RxJS'
  | 'Effect'
  | 'IxJS'
  | 'generators'
  | 'async generators'
  | 'fast-webstreams'
  | 'web-streams-polyfill'

/** The libraries that could be the best at anything. */
export const contenders: readonly PeerName[] = [
  'sluice',
  'native',
  '@most/core',
  'RxJS',
  'Effect',
  'IxJS',
  'generators',
]

/** The same pipeline in each of the libraries. */
export function inEach(names: readonly PeerName[], subject: (verbs: Verbs<unknown>) => Subject): Variant[] {
  return names.map(name => {
    const { role, load } = peers.find(peer => peer.name === name) as (typeof peers)[number]
    return {
      name,
      role,
      async load() {
        const verbs = await load()
        return { pollute: () => pollute(verbs), ...subject(verbs) }
      },
    }
  })
}
