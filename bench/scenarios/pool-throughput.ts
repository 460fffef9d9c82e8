import type { Case, Scenario, Target } from '../harness/scenario.ts'
import { inPools, type PoolName, type Shown } from '../peers/pools/pool-peers.ts'
import type { Work } from '../peers/pools/work-pool.ts'

interface Small {
  readonly id: number
  readonly name: string
  readonly tags: readonly string[]
}

const integers: Work = { task: 'pass', item: n => n, value: result => result as number }

const objects: Work = {
  task: 'pass',
  item: (id): Small => ({ id, name: `item ${id & 15}`, tags: ['small', 'plain'] }),
  value: result => (result as Small).id + (result as Small).tags.length,
}

/** Buffers come back and are used again, as a program with many of them would: only what is moved is measured. */
function buffers(length: number): Work {
  const free: Uint8Array<ArrayBuffer>[] = []
  return {
    task: 'bytes',
    item(n) {
      const array = free.pop() ?? new Uint8Array(length)
      array[0] = n & 127
      return array
    },
    value(result) {
      const array = result as Uint8Array<ArrayBuffer>
      free.push(array)
      // 0 if it was not all there.
      return array.length === length ? (array[0] as number) : 0
    },
    moved: item => [(item as Uint8Array<ArrayBuffer>).buffer],
  }
}

const sumOf =
  (value: (n: number) => number) =>
  (size: number): number => {
    let sum = 0
    for (let n = 0; n < size; n++) sum = (sum + value(n)) | 0
    return sum
  }

const pools: (PoolName | Shown)[] = [
  'sluice',
  'tinypool',
  'tinypool, 1024 in flight',
  'piscina',
  'workerpool',
  { name: 'tinypool, 32 tasks a worker', role: 'reference' },
  { name: 'tinypool, batches of 256', role: 'reference' },
]
const movers: PoolName[] = [
  'sluice',
  'tinypool',
  'tinypool, batches of 4',
  'tinypool, batches of 16',
  'tinypool, batches of 64',
]

const caseOf = (
  name: string,
  work: Work,
  expected: (size: number) => number,
  targets: readonly Target[],
): Case => ({
  name,
  variants: inPools(work.moved ? movers : pools, pool => ({ run: (size: number) => pool.sum(work, size) })),
  expected,
  targets,
})

const changed = sumOf(n => (n & 127) + 1)

export default {
  question: 'How many items a second go to two workers that have nothing to do with them, and back?',
  unit: 'items/s',
  better: 'more',
  // What three threads run has to be compiled in each of them.
  atLeastMs: 250,
  note: 'Peers: `run` for each item, 64 of them at the same time unless their name says more. Buffers are moved, not copied, and used again.',
  cases: [
    caseOf(
      'integers',
      integers,
      sumOf(n => n),
      [{ against: 'best peer', among: 'tinypool', atLeast: 20 }, { atLeast: 600_000 }],
    ),
    caseOf(
      'small objects',
      objects,
      sumOf(n => n + 2),
      [{ against: 'best peer', among: 'tinypool', atLeast: 10 }],
    ),
    caseOf('buffers of 100 KB', buffers(100_000), changed, [{ against: 'best peer', atLeast: 1 }]),
    caseOf('buffers of 1 MB', buffers(1_000_000), changed, [{ against: 'best peer', atLeast: 1 }]),
  ],
} satisfies Scenario
