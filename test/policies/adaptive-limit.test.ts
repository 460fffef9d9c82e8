import { describe, expect, it } from 'vitest'
import { AdaptiveLimit } from '../../src/policies/adaptive-limit.ts'
import { type Finished, fixed, Service, summary, type Times, use } from './service.ts'

const PHASE = 240_000
const CAPACITIES = [10, 50, 5]
const SEEDS = [5_000, 5_001, 5_002, 5_003]

/** The best fixed setting for a plain queue: as many calls as servers. The benchmark tries all of 1 to 100. */
function bestOf(kind: Times, capacity: number) {
  const service = new Service(kind, 1)
  service.capacity = capacity
  return summary(use(service, fixed(capacity), { until: PHASE }), 0, PHASE)
}

/** The best of each phase. */
const best = (kind: Times) => CAPACITIES.map(capacity => bestOf(kind, capacity))

/** Each phase after `settling`, as parts of what the best fixed setting does. */
function phases(kind: Times, seed: number, settling: number, references = best(kind)) {
  const finished = use(new Service(kind, seed), new AdaptiveLimit(1, 100), {
    until: CAPACITIES.length * PHASE,
    change: service => {
      service.capacity = CAPACITIES[Math.floor(service.now / PHASE)] ?? 5
    },
  })
  return references.map((reference, at) => {
    const { rate, p99 } = summary(finished, at * PHASE + settling, (at + 1) * PHASE)
    return { rate: rate / reference.rate, p99: p99 / reference.p99 }
  })
}

const limits = (finished: readonly Finished[], from: number) =>
  finished.filter(({ at }) => at >= from).map(({ limit }) => limit)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

describe('AdaptiveLimit, with a capacity of 10, then 50, then 5', () => {
  it.each(['constant', 'uniform'] as const)(
    'is within 10 %% of the best throughput and twice its p99 after 20 s (%s)',
    kind => {
      const references = best(kind)
      for (const seed of SEEDS.slice(0, kind === 'constant' ? 1 : 3)) {
        for (const { rate, p99 } of phases(kind, seed, 20_000, references)) {
          expect(rate).toBeGreaterThan(0.9)
          expect(p99).toBeLessThanOrEqual(2 + 1e-9)
        }
      }
    },
  )

  it.each(['exponential', 'lognormal', 'bimodal'] as const)(
    'is so after 120 s where calls take very different times, in at least nine phases of ten (%s)',
    kind => {
      const references = best(kind)
      const all = SEEDS.flatMap(seed => phases(kind, seed, 120_000, references))
      expect(Math.max(...all.map(({ p99 }) => p99))).toBeLessThanOrEqual(2)
      expect(all.filter(({ rate }) => rate < 0.9).length).toBeLessThanOrEqual(all.length / 10)
      expect(mean(all.map(({ rate }) => rate))).toBeGreaterThan(0.93)
    },
  )
})

describe('AdaptiveLimit', () => {
  it('begins with min, and stays between min and max', () => {
    const limit = new AdaptiveLimit(4, 8)
    expect(limit.value).toBe(4)
    const seen = use(new Service('constant', 1), limit, { until: 20_000 })
    expect(new Set(seen.map(({ limit }) => limit)).has(8)).toBe(true)
    expect(seen.every(({ limit }) => limit >= 4 && limit <= 8)).toBe(true)
  })

  it('does not run away from a service that min overloads already', () => {
    const seen = use(new Service('constant', 1), new AdaptiveLimit(20, 100), { until: 400_000 })
    expect(mean(limits(seen, 200_000))).toBeLessThan(30)
  })

  it.each(['constant', 'lognormal'] as const)(
    'keeps throughput when calls take three times as long from one moment on (%s)',
    kind => {
      const seen = use(new Service(kind, 1), new AdaptiveLimit(1, 100), {
        until: 600_000,
        change: service => {
          service.slowness = service.now > 200_000 ? 3 : 1
        },
      })
      expect(summary(seen, 400_000, 600_000).rate).toBeGreaterThan(0.9 * 33)
      expect(mean(limits(seen, 400_000))).toBeLessThan(20)
    },
  )

  it.each([
    ['exponential', 25],
    ['lognormal', 17],
  ] as const)('soon notices that fewer calls at once do not make them quicker (%s)', (kind, atLeast) => {
    const rates = SEEDS.map(seed => {
      const seen = use(new Service(kind, seed), new AdaptiveLimit(1, 100), {
        until: 320_000,
        change: service => {
          service.slowness = service.now > 200_000 ? 3 : 1
        },
      })
      return summary(seen, 200_000, 320_000).rate
    })
    expect(mean(rates)).toBeGreaterThan(atLeast)
  })

  it('does not take a capacity that shrinks during a probe for a new base', () => {
    const limit = new AdaptiveLimit(1, 100)
    let before = 0
    const seen = use(new Service('constant', 1), limit, {
      until: 150_000,
      change: service => {
        if (service.now < 100_000) service.capacity = 50
        else if (limit.value < 0.8 * before) service.capacity = 5
        before = limit.value
      },
    })
    const shrunk = seen.findIndex(({ at, latency }) => at > 100_000 && latency > 500)
    expect(shrunk).toBeGreaterThan(0)
    const from = (seen[shrunk] as Finished).at
    expect(mean(limits(seen, from + 10_000))).toBeLessThan(10)
    expect(limit.stats.targetLatency).toBeLessThan(150)
  })

  it('finds the base again from far above, however wrong it is', () => {
    const limit = new AdaptiveLimit(1, 100)
    for (let call = 0; call < 2_000; call++) limit.finished(1_000, false, true, limit.value - 1)
    expect(limit.value).toBeGreaterThan(60)
    // Ten are borne: at 100, a call takes as long as it always did before.
    for (let call = 0; call < 4_000; call++) {
      limit.finished(100 * Math.max(1, limit.value / 10), false, true, limit.value - 1)
    }
    expect(limit.value).toBeLessThan(20)
    expect(limit.stats.targetLatency).toBeLessThan(150)
  })

  it('does not take what slowly gets worse by itself for its own doing, nor lets its base drift with it', () => {
    const seen = use(new Service('constant', 1), new AdaptiveLimit(1, 100), {
      until: 900_000,
      change: service => {
        service.slowness = Math.min(3, 1 + service.now / 300_000)
      },
    })
    expect(summary(seen, 700_000, 900_000).rate).toBeGreaterThan(0.9 * 33)
    expect(mean(limits(seen, 700_000))).toBeLessThan(20)
  })

  it('is not raised by calls that it did not hold back', () => {
    const seen = use(new Service('constant', 1), new AdaptiveLimit(1, 100), {
      until: 200_000,
      demand: () => 6,
    })
    expect(Math.max(...limits(seen, 0))).toBeLessThanOrEqual(8)
    expect(summary(seen, 20_000, 200_000).rate).toBeGreaterThan(55)
  })

  it.each(['constant', 'exponential'] as const)(
    'uses a service that refuses what is too much as far as it accepts (%s)',
    kind => {
      const service = new Service(kind, 1)
      service.room = 2
      const seen = use(service, new AdaptiveLimit(1, 100), { until: 200_000 })
      expect(summary(seen, 60_000, 200_000).rate).toBeGreaterThan(90)
      expect(mean(limits(seen, 60_000))).toBeLessThan(20)
    },
  )

  it('backs off while every call fails, and comes back', () => {
    const limit = new AdaptiveLimit(1, 100)
    const service = new Service('constant', 1)
    service.capacity = 50
    use(service, limit, { until: 30_000 })
    expect(limit.value).toBeGreaterThan(40)
    for (let call = 0; call < 2_000; call++) limit.finished(100, true, true, limit.value - 1)
    expect(limit.value).toBe(1)
    const back = new Service('constant', 2)
    back.capacity = 50
    use(back, limit, { until: 30_000 })
    expect(limit.value).toBeGreaterThan(40)
  })

  it('takes no notice of bad items, which fail at once', () => {
    const limit = new AdaptiveLimit(1, 10)
    for (let call = 0; call < 3_000; call++) {
      const bad = call % 5 === 0
      limit.finished(bad ? 0.1 : 100, bad, true, limit.value - 1)
    }
    expect(limit.value).toBeGreaterThan(6)
  })

  it('grows though the clock is too coarse for its calls', () => {
    const limit = new AdaptiveLimit(1, 10)
    for (let call = 0; call < 500; call++) limit.finished(0, false, true, limit.value - 1)
    expect(limit.value).toBeGreaterThan(6)
  })

  it('says what it has found', () => {
    const limit = new AdaptiveLimit(2, 9)
    expect(limit.stats).toEqual({ concurrency: 2, latency: 0, targetLatency: 0 })
    for (let call = 0; call < 10; call++) limit.finished(99, false, true, 1)
    expect(limit.stats.latency).toBeCloseTo(99, 6)
    expect(limit.stats.targetLatency).toBeCloseTo(129, 6)
  })
})
