import fc from 'fast-check'
import {
  block,
  channel,
  dropNewest,
  dropOldest,
  filter,
  flatMap,
  forEach,
  from,
  map,
  reject,
  type Stage,
  sink,
  tap,
  timeout,
  transform,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { endless, settle, Workers } from './bounded-tools.ts'
import { manualTime, rest } from './overflow-driver.ts'

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

describe('contract 3: an inbox never holds more than its capacity', () => {
  const strategies = fc.constantFrom(
    block,
    dropNewest,
    dropOldest,
    reject,
    <T>(c: Parameters<typeof block<T>>[0]) => timeout(c, 2),
  )
  const step = fc.record({
    op: fc.constantFrom('write', 'write', 'send', 'send', 'trySend', 'trySend', 'read', 'tick', 'rest'),
    weight: fc.oneof(fc.nat(5), fc.constantFrom(0.5, 2.5)),
  })

  it('whatever is written, sent and read, with and without waiting for it', async () => {
    await fc.assert(
      fc.asyncProperty(
        strategies,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        fc.array(step, { maxLength: 60, size: 'max' }),
        async (make, capacity, weighed, steps) => {
          const strategy = make<number>(weighed ? { highWaterMark: capacity, size: n => n } : capacity)
          const queue = channel<number>(strategy)
          const writer = queue.writable.getWriter()
          const reader = queue.readable.getReader()
          const check = (): void => {
            const { queued, utilization } = queue.stats()
            const alone = weighed && strategy.mode === 'block' && queued === 1
            if (!alone) expect(queue.size).toBeLessThanOrEqual(capacity)
            if (!weighed) expect(queued).toBe(queue.size)
            expect(utilization).toBe(Math.min(1, queue.size / capacity))
          }
          for (const { op, weight } of steps) {
            if (op === 'write') writer.write(weight).catch(() => {})
            else if (op === 'send') queue.send(weight).catch(() => {})
            else if (op === 'trySend') queue.trySend(weight)
            else if (op === 'read') reader.read().catch(() => {})
            else if (op === 'tick') vi.advanceTimersByTime(1)
            else await rest()
            check()
            await Promise.resolve()
            check()
          }
          await reader.cancel()
          check()
        },
      ),
      { numRuns: runs(200) },
    )
  })
})

describe('contract 3: items inside an operator never exceed its concurrency', () => {
  const kinds: Record<
    string,
    (workers: Workers, options: { concurrency: number; ordered: boolean }) => Stage<number, number>
  > = {
    map: (workers, options) => map(n => workers.run(n), options),
    filter: (workers, options) => filter(n => workers.run(n % 2 === 0), options),
    tap: (workers, options) => tap(n => workers.run(n), options),
    flatMap: (workers, options) => flatMap(n => workers.run([n, n]), options),
    strategy: (workers, options) => map(n => workers.run(n), { ...options, strategy: block(3) }),
    transform: workers =>
      transform<number, number>({
        async transform(n, controller) {
          controller.enqueue(await workers.run(n))
        },
      }),
  }
  const steps = fc.array(fc.tuple(fc.constantFrom('read', 'finish'), fc.nat(5)), {
    maxLength: 40,
    size: 'max',
  })

  for (const [kind, make] of Object.entries(kinds)) {
    it(`${kind}: at work and waiting for their turn together`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.boolean(),
          steps,
          async (concurrency, ordered, steps) => {
            const workers = new Workers()
            const limit = kind === 'transform' ? 1 : concurrency
            const stage = make(workers, { concurrency, ordered })
            const reader = endless().stream.pipeThrough(stage).getReader()
            let reads = 0
            for (const [op, nth] of steps) {
              if (op === 'finish') workers.finish(nth)
              else reader.read()
              reads += op === 'read' ? 1 : 0
              await settle()
              expect(workers.most).toBeLessThanOrEqual(limit)
              // Every slot is used while somebody asks for more.
              const { emitted, done, inFlight } = stage.stats()
              if (reads > emitted) expect(workers.running + inFlight).toBeGreaterThan(0)
              expect(workers.started - done).toBeLessThanOrEqual(limit)
              expect(inFlight).toBe(workers.started - done)
            }
            await reader.cancel()
            workers.finishAll()
          },
        ),
        { numRuns: runs(80) },
      )
    })
  }

  it('map() uses all its slots while it is asked for more', async () => {
    const workers = new Workers()
    const reader = endless()
      .stream.pipeThrough(map(n => workers.run(n), { concurrency: 3 }))
      .getReader()
    reader.read()
    await settle()
    expect(workers.running).toBe(3)
    await reader.cancel()
  })

  it.each(['sink(), fused', 'sink(), written to', 'forEach()'])(
    '%s uses its concurrency and no more',
    async how => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }),
          async (concurrency, order) => {
            const workers = new Workers()
            const stop = new AbortController()
            const work = (n: number): Promise<number> => workers.run(n)
            const stream = from(endless().stream, { signal: stop.signal })
            let end: Promise<void>
            if (how === 'forEach()') end = forEach(stream, work, { concurrency })
            else if (how === 'sink(), fused') end = stream.pipeTo(sink(work, { concurrency }))
            else end = ReadableStream.prototype.pipeTo.call(stream, sink(work, { concurrency }))
            for (const nth of order) {
              await settle()
              expect(workers.running).toBe(concurrency)
              workers.finish(nth)
            }
            stop.abort()
            workers.finishAll()
            await expect(end).rejects.toBe(stop.signal.reason)
            expect(workers.most).toBe(concurrency)
          },
        ),
        { numRuns: runs(30) },
      )
    },
  )
})
