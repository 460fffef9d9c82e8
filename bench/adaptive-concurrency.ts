/**
 * How near `concurrency: { min: 1, max: 100 }` comes to the best fixed setting, with a service whose capacity is 10, then
 * 50, then 5 calls at once, each for four minutes of virtual time. Nothing is timed: the figures are the same on every
 * machine. Run with `npm run bench:adaptive`.
 */
import { AdaptiveLimit } from '../src/policies/adaptive-limit.ts'
import { type Finished, fixed, Service, summary, type Times, times, use } from '../test/policies/service.ts'

const PHASE = 240_000
const CAPACITIES = [10, 50, 5]
const SEEDS = Array.from({ length: 20 }, (_, at) => 9_000 + at)
/** How long after a change nothing is asked of the limit. */
const SETTLING: Record<Times, number> = {
  constant: 20_000,
  uniform: 20_000,
  exponential: 120_000,
  lognormal: 120_000,
  bimodal: 120_000,
}

/** Of all fixed settings from 1 to 100 the lowest that comes within 1 % of the highest throughput. */
function bestFixed(kind: Times, capacity: number, thrash: number) {
  const results = Array.from({ length: 100 }, (_, at) => {
    const service = Object.assign(new Service(kind, 1), { capacity, thrash })
    return { setting: at + 1, ...summary(use(service, fixed(at + 1), { until: 120_000 }), 10_000, 120_000) }
  })
  const highest = Math.max(...results.map(({ rate }) => rate))
  return results.find(({ rate }) => rate >= 0.99 * highest) as (typeof results)[number]
}

/** Items until a span of 10 s has at least 85 % of the throughput and never more than twice the concurrency. */
function itemsToSettle(finished: readonly Finished[], capacity: number): number {
  const start = finished[0]?.at ?? 0
  for (let from = start; from < start + PHASE - 10_000; from += 1_000) {
    const span = finished.filter(({ at }) => at >= from && at < from + 10_000)
    const steady = span.every(({ limit }) => limit <= 2 * capacity)
    if (steady && span.length >= 0.85 * capacity * 100) return finished.filter(({ at }) => at < from).length
  }
  return Number.POSITIVE_INFINITY
}

const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] as number

function row(kind: Times, thrash: number): void {
  const best = CAPACITIES.map(capacity => bestFixed(kind, capacity, thrash))
  const phases = CAPACITIES.map(() => ({ rate: [] as number[], p99: [] as number[], items: [] as number[] }))
  for (const seed of SEEDS) {
    const service = Object.assign(new Service(kind, seed), { thrash })
    const seen = use(service, new AdaptiveLimit(1, 100), {
      until: CAPACITIES.length * PHASE,
      change: service => {
        service.capacity = CAPACITIES[Math.floor(service.now / PHASE)] ?? 5
      },
    })
    for (const [at, phase] of phases.entries()) {
      // What slows itself down needs longer to get rid of what was too much.
      const settling = thrash > 0 ? 120_000 : SETTLING[kind]
      const { rate, p99 } = summary(seen, at * PHASE + settling, (at + 1) * PHASE)
      const reference = best[at] as (typeof best)[number]
      phase.rate.push(rate / reference.rate)
      phase.p99.push(p99 / reference.p99)
      const own = seen.filter(({ at: time }) => time >= at * PHASE && time < (at + 1) * PHASE)
      phase.items.push(itemsToSettle(own, CAPACITIES[at] as number))
    }
  }
  for (const [at, { rate, p99, items }] of phases.entries()) {
    const cells = [
      at === 0 ? `${kind}${thrash > 0 ? ', slower under overload' : ''}` : '',
      CAPACITIES[at],
      best[at]?.setting,
      quantile(rate, 0.5).toFixed(2),
      quantile(rate, 0).toFixed(2),
      `${rate.filter(part => part >= 0.9).length} of ${rate.length}`,
      quantile(p99, 0.5).toFixed(2),
      quantile(p99, 1).toFixed(2),
      quantile(items, 0.5),
      quantile(items, 0.9),
    ]
    console.info(`| ${cells.join(' | ')} |`)
  }
}

console.info(
  '| calls take | capacity | best fixed | throughput, median | lowest | within 10 % | p99, median | highest | items to settle, median | nine of ten |',
)
console.info('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |')
for (const kind of Object.keys(times) as Times[]) row(kind, 0)
row('constant', 1)
row('exponential', 1)
