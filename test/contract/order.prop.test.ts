import fc from 'fast-check'
import { flatMap, forEach } from 'sluice'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { endless, expectLaw, KINDS, probe, REASONS } from './probe.ts'
import { drive, ENDS, exhaust, shapes, staged, Workshop } from './workshop.ts'

const lengths = fc.integer({ min: 0, max: 12 })
const kinds = fc.constantFrom(...KINDS)
const upTo = (length: number) => Array.from({ length }, (_, n) => n)
const ends = fc.constantFrom(...(Object.keys(ENDS) as (keyof typeof ENDS)[]))
const reasons = fc.constantFrom(...REASONS.filter(reason => reason !== undefined))
const concurrencies = fc.integer({ min: 1, max: 5 })
const failures = fc.uniqueArray(fc.record({ item: fc.nat(11), error: fc.constantFrom(...REASONS) }), {
  selector: f => f.item,
  minLength: 1,
  maxLength: 3,
})

/** The signals of these items have fired with this reason. */
function expectFired(shop: Workshop, items: number[], reason: unknown): void {
  for (const item of items) {
    const signal = shop.signals.get(item) as AbortSignal
    expect(signal.aborted, `the signal of item ${item}`).toBe(true)
    expect(signal.reason).toBe(reason === undefined ? signal.reason : reason)
  }
}

// A clock that stands still: a source that hands control back on a slow machine would start its next item later.
beforeAll(() => {
  vi.spyOn(performance, 'now').mockReturnValue(1)
})
afterAll(() => {
  vi.restoreAllMocks()
})

describe('an asynchronous stage', () => {
  it('starts items in order, as many at once as it may, and gives them in order or as they finish', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), shapes, lengths, kinds, async (s, shape, length, kind) => {
        const shop = new Workshop(s)
        const stage = staged(shape, shop)
        const done = forEach(probe(kind, upTo(length)).stream.pipeThrough(stage), shop.give)
        expect(await drive(s, done)).toEqual({ value: undefined })
        expect(shop.started).toEqual(upTo(length))
        expect(shop.given).toEqual(shape.ordered ? upTo(length) : shop.finished)
        expect(shop.maxActive).toBe(Math.min(length, shape.concurrency))
        expect(shop.maxInside).toBe(Math.min(length, shape.concurrency))
        expectLaw(stage)
        expect([...shop.signals.values()].some(signal => signal.aborted)).toBe(false)
      }),
      { numRuns: runs(150) },
    )
  })

  it('fails in its turn, after the results before it, and tells the items still at work', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), shapes, failures, kinds, async (s, shape, failing, kind) => {
        const errors = new Map(failing.map(({ item, error }) => [item, error]))
        const shop = new Workshop(s, errors)
        const stage = staged(shape, shop)
        const up = probe(kind, upTo(12))
        const result = await drive(s, forEach(up.stream.pipeThrough(stage), shop.give))
        const turns = shape.ordered ? upTo(12) : shop.finished
        const at = turns.findIndex(item => errors.has(item))
        expect(result).toEqual({ error: errors.get(turns[at] as number) })
        expect((result as { error: unknown }).error).toBe(errors.get(turns[at] as number))
        expect(shop.given).toEqual(turns.slice(0, at))
        expect(shop.started).toEqual(upTo(shop.startedAtFailure as number))
        expectFired(shop, shop.unfinished, (result as { error: unknown }).error)
        const { started } = shop
        await exhaust(s)
        expect(shop.started).toEqual(started)
        expect(stage.stats()).toMatchObject({ failed: 1, inFlight: 0, emitted: at })
        expectLaw(stage)
        if (up.pulled < 12) expect(up.closed).toEqual([(result as { error: unknown }).error])
      }),
      { numRuns: runs(150) },
    )
  })

  it('stops at once when it is aborted or cancelled in the middle, and tells the items at work', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        shapes,
        kinds,
        reasons,
        fc.boolean(),
        fc.nat(8),
        async (s, shape, kind, reason, cancels, after) => {
          const shop = new Workshop(s)
          const stage = staged(shape, shop)
          const up = probe(
            kind,
            endless(n => n),
          )
          const flow = up.stream.pipeThrough(stage)
          const controller = new AbortController()
          let stop: () => unknown = () => controller.abort(reason)
          let done: Promise<unknown>
          if (cancels) {
            const reader = flow.getReader()
            const pump = async () => {
              for (let r = await reader.read(); !r.done; r = await reader.read()) shop.give(r.value)
            }
            done = pump()
            stop = () => reader.cancel(reason)
          } else done = forEach(flow, shop.give, { signal: controller.signal })
          done.catch(() => {})
          for (let n = 0; n < after; n++) if (s.count() > 0) await s.waitNext(1)
          const [atWork, started] = [shop.unfinished, shop.started.length]
          await stop()
          expect(await drive(s, done)).toEqual(cancels ? { value: undefined } : { error: reason })
          expectFired(shop, atWork, reason)
          await exhaust(s)
          expect(shop.started.length).toBe(started)
          expect(up.closed).toEqual([reason])
          expect(stage.stats()).toMatchObject({ queued: 0, inFlight: 0, failed: 0 })
          expectLaw(stage)
        },
      ),
      { numRuns: runs(150) },
    )
  })
})

describe('an asynchronous end of a pipeline', () => {
  it('starts items in order, as many at once as it may, and waits for all of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        ends,
        concurrencies,
        lengths,
        kinds,
        async (s, end, concurrency, length, kind) => {
          const shop = new Workshop(s)
          const done = ENDS[end](probe(kind, upTo(length)).stream, shop, concurrency)
          expect(await drive(s, done)).toEqual({ value: undefined })
          expect(shop.started).toEqual(upTo(length))
          expect(shop.active).toBe(0)
          expect(shop.maxActive).toBe(Math.min(length, concurrency))
        },
      ),
      { numRuns: runs(150) },
    )
  })

  it('fails with the first error, cancels its source with it, and tells the items still at work', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        ends,
        concurrencies,
        failures,
        kinds,
        async (s, end, concurrency, failing, kind) => {
          const errors = new Map(failing.map(({ item, error }) => [item, error]))
          const shop = new Workshop(s, errors)
          const up = probe(
            kind,
            endless(n => n),
          )
          const result = await drive(s, ENDS[end](up.stream, shop, concurrency))
          const first = shop.finished.find(item => errors.has(item)) as number
          expect(result).toEqual({ error: errors.get(first) })
          expect((result as { error: unknown }).error).toBe(errors.get(first))
          expect(shop.maxActive).toBeLessThanOrEqual(concurrency)
          expectFired(shop, shop.unfinished, errors.get(first))
          await exhaust(s)
          expect(up.closed).toEqual([errors.get(first)])
          expect(up.stream.locked).toBe(false)
          expect(shop.started.length).toBe(shop.startedAtFailure)
        },
      ),
      { numRuns: runs(150) },
    )
  })

  it('stops when it is aborted in the middle, and tells the items at work', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        ends,
        concurrencies,
        kinds,
        reasons,
        fc.nat(8),
        async (s, end, concurrency, kind, reason, after) => {
          const shop = new Workshop(s)
          const up = probe(
            kind,
            endless(n => n),
          )
          const controller = new AbortController()
          const done = ENDS[end](up.stream, shop, concurrency, controller.signal)
          for (let n = 0; n < after; n++) if (s.count() > 0) await s.waitNext(1)
          const atWork = shop.unfinished
          controller.abort(reason)
          expect(await drive(s, done)).toEqual({ error: reason })
          expectFired(shop, end === 'forEach' ? atWork : [], reason)
          await exhaust(s)
          expect(up.closed).toEqual([reason])
          expect(up.stream.locked).toBe(false)
        },
      ),
      { numRuns: runs(150) },
    )
  })
})

describe('flatMap() of asynchronous sources', () => {
  const widths = fc.array(fc.nat(4), { maxLength: 6 })

  it('opens at most `concurrency` of them, keeps the order of each, and of all where it is asked to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        widths,
        concurrencies,
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        async (s, sizes, concurrency, ordered, limit) => {
          let [open, most, closed] = [0, 0, 0]
          const made = sizes.map(() => 0)
          const stage = flatMap(
            async function* (at: number) {
              most = Math.max(most, ++open)
              try {
                for (let n = 0; n < (sizes[at] as number); n++) {
                  await s.schedule(Promise.resolve())
                  made[at] = n + 1
                  yield [at, n] as const
                }
              } finally {
                open--
                closed++
              }
            },
            { concurrency, ordered },
          )
          const model = sizes.flatMap((size, at) => upTo(size).map(n => [at, n] as const))
          const given: (readonly [number, number])[] = []
          let aheadBy = 0
          const loop = async () => {
            for await (const item of probe('fused', upTo(sizes.length)).stream.pipeThrough(stage)) {
              given.push(item)
              for (const [at, count] of made.entries()) {
                const taken = given.filter(([from]) => from === at).length
                aheadBy = Math.max(aheadBy, count - taken)
              }
              if (given.length === limit) break
            }
          }
          expect(await drive(s, loop())).toEqual({ value: undefined })
          await exhaust(s)
          const expected = Math.min(limit, model.length)
          expect(given.length).toBe(expected)
          if (ordered || concurrency === 1) expect(given).toEqual(model.slice(0, expected))
          for (const at of sizes.keys())
            expect(given.filter(([from]) => from === at).map(([, n]) => n)).toEqual(
              upTo(given.filter(([from]) => from === at).length),
            )
          expect(most).toBeLessThanOrEqual(concurrency)
          expect(aheadBy).toBeLessThanOrEqual(1)
          expect(open).toBe(0)
          expect(closed).toBeLessThanOrEqual(sizes.length)
          expectLaw(stage)
        },
      ),
      { numRuns: runs(200) },
    )
  })
})
