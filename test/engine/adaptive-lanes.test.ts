import fc from 'fast-check'
import { block, channel, drain, filter, flatMap, forEach, from, map, range, sink, tap, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle } from '../contract/probe.ts'
import { Service, summary } from '../policies/service.ts'
import { runs } from '../setup/runs.ts'

/** A service's virtual time is the clock: nothing here waits. */
let now = 0
beforeEach(() => {
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Calls a service and remembers how many were at work. */
function client(service: Service) {
  const self = {
    atWork: 0,
    most: 0,
    finished: [] as { at: number; latency: number; failed: boolean; limit: number }[],
    call: (item: number) =>
      new Promise<number>((resolve, reject) => {
        const start = now
        self.most = Math.max(self.most, ++self.atWork)
        service.call(failed => {
          now = service.now
          self.atWork--
          self.finished.push({ at: now, latency: now - start, failed, limit: 0 })
          if (failed) reject(new Error('busy'))
          else resolve(item)
        })
      }),
  }
  return self
}

/** Lets a service work until it has nothing to do, or until a moment. */
async function work(service: Service, until = Number.POSITIVE_INFINITY): Promise<void> {
  await settle()
  while (service.busy && service.now < until) {
    service.step()
    await settle()
  }
}

const bounds = { min: 1, max: 100 }

describe('concurrency between bounds', () => {
  it('follows the capacity of a service through 10, 50 and 5', async () => {
    const service = new Service('uniform', 3)
    const { call, finished } = client(service)
    const stage = map(call, { concurrency: bounds, ordered: false })
    const end = new AbortController()
    const done = drain(range(0, 1e9).pipeThrough(stage), { signal: end.signal }).catch(() => {})
    for (const [at, capacity] of [10, 50, 5].entries()) {
      service.capacity = capacity
      await work(service, (at + 1) * 40_000)
      const { rate } = summary(finished, at * 40_000 + 20_000, (at + 1) * 40_000)
      expect(rate).toBeGreaterThan(0.9 * capacity * 10)
      const { concurrency = 0, latency, targetLatency } = stage.stats()
      expect(concurrency).toBeGreaterThanOrEqual(capacity * 0.6)
      expect(concurrency).toBeLessThanOrEqual(capacity * 2)
      expect(latency).toBeGreaterThan(50)
      expect(targetLatency).toBeGreaterThan(100)
    }
    end.abort()
    await done
  })

  it.each([
    [
      'map',
      (call: (n: number) => unknown) => drain(range(0, 600).pipeThrough(map(call, { concurrency: bounds }))),
    ],
    [
      'filter',
      (call: (n: number) => unknown) =>
        drain(range(0, 600).pipeThrough(filter(call, { concurrency: bounds }))),
    ],
    [
      'tap',
      (call: (n: number) => unknown) => drain(range(0, 600).pipeThrough(tap(call, { concurrency: bounds }))),
    ],
    ['forEach', (call: (n: number) => unknown) => forEach(range(0, 600), call, { concurrency: bounds })],
    ['sink', (call: (n: number) => unknown) => range(0, 600).pipeTo(sink(call, { concurrency: bounds }))],
  ] as const)('is taken by %s', async (_, run) => {
    const service = new Service('constant', 1)
    const { call, finished } = client(service)
    const done = run(call)
    await work(service)
    await done
    expect(finished).toHaveLength(600)
    // One at a time it would take 60 s.
    expect(now).toBeLessThan(12_000)
  })

  it('works on at least min and at most max items at once', async () => {
    const service = new Service('constant', 1)
    service.capacity = 50
    const self = client(service)
    const done = drain(range(0, 1_000).pipeThrough(map(self.call, { concurrency: { min: 3, max: 7 } })))
    await settle()
    expect(self.atWork).toBe(3)
    await work(service)
    await done
    expect(self.most).toBe(7)
  })

  it('keeps the order, the account and the bound, whatever calls take and which of them fail', async () => {
    const plans = fc.record({
      min: fc.integer({ min: 1, max: 4 }),
      more: fc.nat(12),
      capacity: fc.integer({ min: 1, max: 12 }),
      ordered: fc.boolean(),
      seed: fc.nat(1_000),
      room: fc.nat(4),
      items: fc.nat(150),
    })
    await fc.assert(
      fc.asyncProperty(plans, async ({ min, more, capacity, ordered, seed, room, items }) => {
        const service = new Service('lognormal', seed)
        service.now = now
        Object.assign(service, { capacity, room })
        const self = client(service)
        const concurrency = { min, max: min + more }
        const stage = map(self.call, { concurrency, ordered, onError: 'skip' })
        const out = toArray(range(0, items).pipeThrough(stage))
        await settle()
        while (service.busy) {
          service.step()
          await settle()
          const { received, inFlight, done, failed, discarded, concurrency: limit = 0 } = stage.stats()
          expect(received).toBe(inFlight + done + failed + discarded)
          expect(inFlight).toBeLessThanOrEqual(min + more)
          expect(limit).toBeGreaterThanOrEqual(min)
          expect(limit).toBeLessThanOrEqual(min + more)
        }
        const given = await out
        const { done, failed, emitted } = stage.stats()
        expect([done + failed, emitted]).toEqual([items, given.length])
        expect(given.length).toBe(done)
        if (ordered) expect(given).toEqual(given.toSorted((a, b) => a - b))
      }),
      { numRuns: runs(40) },
    )
  })

  it('does not grow to hold results that nobody takes quickly', async () => {
    const service = new Service('constant', 1)
    service.capacity = 100
    const slow = new Service('constant', 2)
    slow.capacity = 1
    const { call } = client(service)
    const stage = map(call, { concurrency: bounds })
    const done = forEach(range(0, 300).pipeThrough(stage), client(slow).call)
    await settle()
    for (;;) {
      // Both have their own time; the one that is behind goes on.
      const next = service.busy && (!slow.busy || service.now <= slow.now) ? service : slow
      if (!next.busy) break
      next.now = Math.max(next.now, now)
      next.step()
      await settle()
      expect(stage.stats().concurrency).toBeLessThanOrEqual(8)
    }
    await done
  })

  it('does not grow while items come one at a time', async () => {
    const service = new Service('constant', 1)
    const { call } = client(service)
    const jobs = channel<number>(block(1))
    const stage = map(call, { concurrency: bounds })
    const done = drain(jobs.readable.pipeThrough(stage))
    for (let item = 0; item < 200; item++) {
      jobs.trySend(item)
      await work(service)
    }
    expect(stage.stats().concurrency).toBeLessThanOrEqual(2)
    jobs.close()
    await done
  })

  it('uses more lanes at once, though an item holds up those behind it', async () => {
    const waiting: (() => void)[] = []
    const stage = map((n: number) => new Promise<number>(resolve => waiting.push(() => resolve(n))), {
      concurrency: { min: 10, max: 40 },
    })
    const end = new AbortController()
    const done = drain(range(0, 1_000).pipeThrough(stage), { signal: end.signal }).catch(() => {})
    const finish = async (calls: (() => void)[]) => {
      for (const call of calls) call()
      await settle()
    }
    await settle()
    for (let round = 0; round < 3; round++) await finish(waiting.splice(0, 5))
    expect(stage.stats().inFlight).toBe(10)
    const [, ...others] = waiting.splice(0)
    await finish(others)
    expect(stage.stats().concurrency).toBeGreaterThan(10)
    expect(stage.stats().inFlight).toBe(stage.stats().concurrency)
    end.abort()
    await done
  })

  it('starts nothing more, and changes nothing, after an abort', async () => {
    const service = new Service('constant', 1)
    service.capacity = 20
    const self = client(service)
    const stage = map(self.call, { concurrency: { min: 14, max: 20 } })
    const end = new AbortController()
    const done = drain(range(0, 100).pipeThrough(stage), { signal: end.signal }).catch(error => error)
    await settle()
    end.abort('stop')
    expect(await done).toBe('stop')
    await work(service)
    expect(self.finished).toHaveLength(14)
    expect(stage.stats()).toMatchObject({ concurrency: 14, inFlight: 0, discarded: 14, latency: 0 })
  })

  it('calls a function of one parameter with the item alone, and others with their context', async () => {
    const seen: number[] = []
    const concurrency = { min: 1, max: 2 }
    await toArray(
      from([1]).pipeThrough(
        map(
          function (_: number) {
            // biome-ignore lint/complexity/noArguments: what it is called with is the question
            seen.push(arguments.length)
          },
          { concurrency },
        ),
      ),
    )
    await toArray(from([1]).pipeThrough(map((_, { index }) => void seen.push(10 + index), { concurrency })))
    expect(seen).toEqual([1, 10])
  })

  it('fires the signal of an item that is at work when the chain is aborted', async () => {
    const end = new AbortController()
    let signal: AbortSignal | undefined
    const stage = map((_: number, context) => ((signal = context.signal), new Promise(() => {})), {
      concurrency: { min: 1, max: 2 },
    })
    const done = drain(from([1]).pipeThrough(stage), { signal: end.signal }).catch(error => error)
    await settle()
    end.abort('stop')
    expect(await done).toBe('stop')
    expect(signal?.reason).toBe('stop')
  })

  it('shows its limit from the first moment on, and only where there are bounds', () => {
    expect(map(String, { concurrency: { min: 2, max: 4 } }).stats().concurrency).toBe(2)
    expect(sink(String, { concurrency: { min: 2, max: 4 } }).stats().concurrency).toBe(2)
    expect(map(String, { concurrency: 2 }).stats()).not.toHaveProperty('concurrency')
  })

  it.each([1, 3, { min: 2, max: 3 }])(
    'a sink accounts for its items, piped or written (%o)',
    async concurrency => {
      const fn = async (n: number) => {
        if (n === 3) throw new Error('three')
      }
      const account = { name: 'end', received: 5, done: 4, failed: 1, inFlight: 0, queued: 0, discarded: 0 }
      const piped = sink(fn, { concurrency, name: 'end', onError: 'skip' })
      await range(0, 5).pipeTo(piped)
      expect(piped.stats()).toMatchObject(account)
      const written = sink(fn, { concurrency, name: 'end', onError: 'skip' })
      const writer = written.getWriter()
      for (const n of [0, 1, 2, 3, 4]) await writer.write(n)
      await writer.close()
      expect(written.stats()).toMatchObject(account)
    },
  )

  it('is refused by flatMap, whose items take as long as others want', () => {
    const make = () => flatMap((n: number) => [n], { concurrency: { min: 1, max: 2 } as never })
    expect(make).toThrow('flatMap: concurrency must be a number, received [object Object]')
  })
})
