import { workFile } from './work-file.ts'
import { WORKERS, type WorkPool } from './work-pool.ts'

type Spin = (rounds: number) => number

/** How long the work takes in one thread in all, in milliseconds. */
const SINGLE_MS = 200
const RUNS = 4

/**
 * What the pool makes of work that takes so many microseconds an item, as a share of what two threads could. Of each
 * of the two it is the quickest run that counts: whatever else the machine does can only take away from either.
 */
export async function speedUp(pool: Pick<WorkPool, 'sum'>, micros: number): Promise<number> {
  const { spin } = (await import(workFile('work.js').href)) as { spin: Spin }
  const rounds = roundsFor(spin, micros)
  const count = Math.round((SINGLE_MS * 1000) / micros)
  const expected = Math.imul(count, spin(rounds))
  const work = { task: 'spin', item: () => rounds, value: (result: unknown) => result as number } as const
  let single = Infinity
  let pooled = Infinity
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now()
    const alone = sumAlone(spin, rounds, count)
    const between = performance.now()
    const together = await pool.sum(work, count)
    const end = performance.now()
    if (alone !== expected || together !== expected) throw new Error(`${together} instead of ${expected}`)
    // The first time is there to warm up.
    if (run === 0) continue
    single = Math.min(single, between - start)
    pooled = Math.min(pooled, end - between)
  }
  return single / (WORKERS * pooled)
}

function sumAlone(spin: Spin, rounds: number, count: number): number {
  let sum = 0
  for (let n = 0; n < count; n++) sum = (sum + spin(rounds)) | 0
  return sum
}

/** How many rounds take that long, by the quickest of several looks. */
function roundsFor(spin: Spin, micros: number): number {
  const many = 2_000_000
  let quickest = Infinity
  for (let look = 0; look < 20; look++) {
    const start = performance.now()
    spin(many)
    quickest = Math.min(quickest, performance.now() - start)
  }
  return Math.max(1, Math.round((many * micros) / 1000 / quickest))
}
