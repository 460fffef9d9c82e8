import { median } from '../../harness/statistics.ts'
import { workFile } from './work-file.ts'
import { WORKERS, type WorkPool } from './work-pool.ts'

type Spin = (rounds: number) => number

/** How long the work takes in one thread in all, in milliseconds. */
const SINGLE_MS = 250
const RUNS = 3

/** What the pool makes of work that takes so many microseconds an item, as a share of what two threads could. */
export async function speedUp(pool: Pick<WorkPool, 'sum'>, micros: number): Promise<number> {
  const { spin } = (await import(workFile('work.js').href)) as { spin: Spin }
  const rounds = roundsFor(spin, micros)
  const count = Math.round((SINGLE_MS * 1000) / micros)
  const expected = Math.imul(count, spin(rounds))
  const work = { task: 'spin', item: () => rounds, value: (result: unknown) => result as number } as const
  await pool.sum(work, count)
  const shares: number[] = []
  for (let run = 0; run < RUNS; run++) {
    // One thread before and after: what the machine does besides must not count for one of the two only.
    const before = alone(spin, rounds, count)
    const start = performance.now()
    const sum = await pool.sum(work, count)
    const took = performance.now() - start
    if (sum !== expected) throw new Error(`${count} items gave ${sum} instead of ${expected}`)
    const after = alone(spin, rounds, count)
    shares.push((before + after) / 2 / (WORKERS * took))
  }
  return median(shares)
}

/** Milliseconds for all of them in this thread. */
function alone(spin: Spin, rounds: number, count: number): number {
  const start = performance.now()
  let sum = 0
  for (let n = 0; n < count; n++) sum = (sum + spin(rounds)) | 0
  if (sum === 0.5) throw new Error('so that the sum is needed')
  return performance.now() - start
}

function roundsFor(spin: Spin, micros: number): number {
  const many = 10_000_000
  spin(many)
  const start = performance.now()
  spin(many)
  return Math.max(1, Math.round((many * micros) / 1000 / (performance.now() - start)))
}
