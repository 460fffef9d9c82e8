import type { Subject, Variant } from '../../harness/scenario.ts'
import type { OpenPool, Work, WorkPool } from './work-pool.ts'

const openers = {
  sluice: async () => (await import('./sluice.ts')).open,
  tinypool: async () => (await import('./tinypool.ts')).perItem(64),
  'tinypool, 1024 in flight': async () => (await import('./tinypool.ts')).perItem(1024),
  'tinypool, 32 tasks a worker': async () =>
    (await import('./tinypool.ts')).perItem(256, { concurrentTasksPerWorker: 32 }),
  'tinypool, batches of 4': async () => (await import('./tinypool.ts')).batches(4),
  'tinypool, batches of 16': async () => (await import('./tinypool.ts')).batches(16),
  'tinypool, batches of 64': async () => (await import('./tinypool.ts')).batches(64),
  'tinypool, batches of 256': async () => (await import('./tinypool.ts')).batches(256),
  piscina: async () => (await import('./piscina.ts')).open,
  workerpool: async () => (await import('./workerpool.ts')).open,
} satisfies Record<string, () => Promise<OpenPool>>

export type PoolName = keyof typeof openers

/** How a scenario shows a pool; a reference where nobody is given the choice by the library itself. */
export interface Shown {
  readonly name: PoolName
  readonly role?: Variant['role']
}

/** The same work in each of the pools. */
export function inPools(
  names: readonly (PoolName | Shown)[],
  subject: (pool: WorkPool) => Omit<Subject, 'close' | 'pollute'>,
): Variant[] {
  return names.map(one => {
    const { name, role = name === 'sluice' ? 'ours' : 'peer' } = typeof one === 'string' ? { name: one } : one
    return {
      name,
      role,
      async load() {
        const pool = await (await openers[name]())()
        return {
          pollute: () => pollute(name, pool),
          ...subject(pool),
          close: () => pool.close(),
        } as Subject
      },
    }
  })
}

/** Opens the pool itself, library and all, when it is told to. */
export const openPool = async (name: PoolName): Promise<OpenPool> => openers[name]()

/** Items of several shapes have gone through an application's pool; and ours has pipelines beside it. */
async function pollute(name: PoolName, pool: WorkPool): Promise<void> {
  if (name === 'sluice') {
    const [{ pollute }, { sluice }] = await Promise.all([import('../pollute.ts'), import('../sluice.ts')])
    await pollute(sluice)
  }
  const shapes: Work['item'][] = [n => n / 3, n => `item ${n}`, n => ({ n, odd: n % 2 === 1 }), n => [n, n]]
  for (const item of shapes) await pool.sum({ task: 'pass', item, value: () => 1 }, 2000)
}
