import { collectGarbage } from './collect-garbage.ts'
import type { Case, Scenario, Timed } from './scenario.ts'
import { median } from './statistics.ts'

/** What a process is told to do. */
export interface Orders {
  /** The built scenario. */
  readonly url: string
  readonly case: string
  readonly variant: string
  readonly pollute: boolean
  /** How long a timed run has to take at least, in milliseconds. */
  readonly atLeastMs: number
  /** How long the same is run before that at least, so that what compiles it has seen it. */
  readonly warmUpMs: number
  /** Timed runs in this process; their median is its figure. */
  readonly runs: number
}

export interface Measurement {
  readonly figure: number
  /** Of the timed runs; missing if the variant measured itself. */
  readonly size?: number
}

export async function measure(orders: Orders): Promise<Measurement> {
  const { default: scenario } = (await import(orders.url)) as { default: Scenario }
  const which = scenario.cases.find(one => one.name === orders.case)
  const variant = which?.variants.find(one => one.name === orders.variant)
  if (which === undefined || variant === undefined) throw new Error(`no such variant: ${orders.variant}`)
  const subject = await variant.load()
  if (orders.pollute) await subject.pollute?.()
  collectGarbage()
  const found =
    'measure' in subject ? { figure: await subject.measure() } : await time(which, subject, orders)
  await subject.close?.()
  return found
}

async function time(
  which: Case,
  subject: Timed,
  { atLeastMs, warmUpMs, runs }: Orders,
): Promise<Measurement> {
  const limit = which.maxSize ?? Infinity
  let size = 1
  let took = await timed(which, subject, size)
  let warm = took
  // Growing runs are most of the warm-up too; what is left of it is done at the size that is measured.
  while (took < atLeastMs && size < limit) {
    const growth = Math.min(8, Math.max(2, atLeastMs / 2 / Math.max(took, 0.001)))
    size = Math.min(limit, Math.ceil(size * growth))
    took = await timed(which, subject, size)
    warm += took
  }
  while (warm < warmUpMs) warm += await timed(which, subject, size)
  const rates: number[] = []
  for (let run = 0; run < runs; run++) {
    collectGarbage()
    const ms = await timed(which, subject, size)
    rates.push((size * (which.unitsPerSize ?? 1) * 1000) / ms)
  }
  return { figure: median(rates), size }
}

async function timed(which: Case, subject: Timed, size: number): Promise<number> {
  const start = performance.now()
  const result = await subject.run(size)
  const took = performance.now() - start
  const expected = (subject.expected ?? which.expected)?.(size)
  if (expected !== undefined && result !== expected) {
    throw new Error(`a run of ${size} gave ${result} instead of ${expected}`)
  }
  return took
}
