import type { Subject, Variant } from '../../harness/scenario.ts'
import type { AsyncMap } from './async-map.ts'

interface AsyncPeer {
  readonly name: string
  readonly role: Variant['role']
  readonly group: 'ordered' | 'unordered'
  readonly load: () => Promise<AsyncMap>
}

/** Those that give everything at the end, in an array, are no streams: they are shown and ranked with nothing. */
export const asyncPeers: readonly AsyncPeer[] = [
  { name: 'sluice', role: 'ours', group: 'ordered', load: async () => (await import('./sluice.ts')).ordered },
  {
    name: 'native',
    role: 'native',
    group: 'ordered',
    load: async () => (await import('./native.ts')).ordered,
  },
  {
    name: 'p-map iterable',
    role: 'peer',
    group: 'ordered',
    load: async () => (await import('./p-map.ts')).ordered,
  },
  {
    name: 'streaming-iterables',
    role: 'peer',
    group: 'ordered',
    load: async () => (await import('./streaming-iterables.ts')).ordered,
  },
  { name: 'Effect', role: 'peer', group: 'ordered', load: async () => (await import('./effect.ts')).ordered },
  {
    name: 'Node Readable.map',
    role: 'peer',
    group: 'ordered',
    load: async () => (await import('./node-readable.ts')).ordered,
  },
  {
    name: 'p-map, array',
    role: 'reference',
    group: 'ordered',
    load: async () => (await import('./p-map.ts')).array,
  },
  {
    name: 'p-limit, array',
    role: 'reference',
    group: 'ordered',
    load: async () => (await import('./p-limit.ts')).array,
  },
  {
    name: 'sluice unordered',
    role: 'ours',
    group: 'unordered',
    load: async () => (await import('./sluice.ts')).unordered,
  },
  {
    name: 'p-map iterable unordered',
    role: 'peer',
    group: 'unordered',
    load: async () => (await import('./p-map.ts')).unordered,
  },
  {
    name: 'streaming-iterables unordered',
    role: 'peer',
    group: 'unordered',
    load: async () => (await import('./streaming-iterables.ts')).unordered,
  },
  {
    name: 'Effect unordered',
    role: 'peer',
    group: 'unordered',
    load: async () => (await import('./effect.ts')).unordered,
  },
  {
    name: 'RxJS mergeMap',
    role: 'peer',
    group: 'unordered',
    load: async () => (await import('./rxjs.ts')).unordered,
  },
]

/** The same asynchronous map in each of the libraries. */
export function asyncVariants(
  names: readonly string[] | undefined,
  subject: (run: AsyncMap, peer: AsyncPeer) => Subject,
): Variant[] {
  return asyncPeers
    .filter(({ name }) => names === undefined || names.includes(name))
    .map(peer => ({
      name: peer.name,
      role: peer.role,
      group: peer.group,
      async load() {
        const run = await peer.load()
        return { pollute: () => pollute(run), ...subject(run, peer) }
      },
    }))
}

const ITEMS = 400
const later = (x: number): Promise<number> => new Promise(resolve => setImmediate(resolve, x))

/** A dozen other functions and numbers at once, as a real application has them. */
async function pollute(run: AsyncMap): Promise<void> {
  const functions = [
    async (x: number) => x + 0.5,
    (x: number) => Promise.resolve(x).then(y => y * 2),
    (x: number) => (x % 10 === 0 ? later(x) : Promise.resolve(-x)),
    later,
  ]
  for (let round = 0; round < 3; round++) {
    for (const fn of functions) {
      await run(ITEMS, fn, 1, (sum, x) => sum + x)
      await run(ITEMS, fn, 4, sum => sum + 1)
      await run(ITEMS, fn, 100, (sum, x) => Math.max(sum, x))
    }
  }
}
