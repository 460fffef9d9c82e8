import fc from 'fast-check'
import {
  batch,
  block,
  buffer,
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
import { manualTime, rest } from './overflow-driver.ts'

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

/** A source that hands control back now and then needs a few turns. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await rest()
}

/** A function whose calls end when the test says so, with the number of those at work. */
class Workers {
  running = 0
  most = 0
  started = 0
  readonly #jobs: (() => void)[] = []

  run<T>(result: T): Promise<T> {
    this.started++
    this.most = Math.max(this.most, ++this.running)
    return new Promise(resolve =>
      this.#jobs.push(() => {
        this.running--
        resolve(result)
      }),
    )
  }

  finish(nth: number): void {
    this.#jobs.splice(nth % (this.#jobs.length || 1), 1)[0]?.()
  }

  finishAll(): void {
    while (this.#jobs.length > 0) this.finish(0)
  }
}

/** 0, 1, 2, … and how many of them were pulled. */
function endless(): { pulled: number; stream: ReadableStream<number> } {
  const source = { pulled: 0, stream: undefined as unknown as ReadableStream<number> }
  const items = function* (): Generator<number> {
    for (;;) yield source.pulled++
  }
  source.stream = from(items())
  return source
}

describe('contract 3: an inbox never holds more than its capacity', () => {
  const strategies = fc.constantFrom(block, dropNewest, dropOldest, reject, <T>(c: Parameters<typeof block<T>>[0]) => timeout(c, 2))
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
  const kinds: Record<string, (workers: Workers, options: { concurrency: number; ordered: boolean }) => Stage<number, number>> = {
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
  const steps = fc.array(fc.tuple(fc.constantFrom('read', 'finish'), fc.nat(5)), { maxLength: 40, size: 'max' })

  for (const [kind, make] of Object.entries(kinds)) {
    it(`${kind}: at work and waiting for their turn together`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.boolean(), steps, async (concurrency, ordered, steps) => {
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
        }),
        { numRuns: runs(80) },
      )
    })
  }

  it('map() uses all its slots while it is asked for more', async () => {
    const workers = new Workers()
    const reader = endless().stream.pipeThrough(map(n => workers.run(n), { concurrency: 3 })).getReader()
    reader.read()
    await settle()
    expect(workers.running).toBe(3)
    await reader.cancel()
  })

  it.each(['sink(), fused', 'sink(), written to', 'forEach()'])('%s uses its concurrency and no more', async how => {
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
  })
})

describe('contract 3: nothing is pulled beyond the documented bound', () => {
  interface Link {
    readonly stage: () => Stage<number, number>
    /** Items it may be ahead by. */
    readonly ahead: number
  }
  const n = fc.integer({ min: 1, max: 4 })
  const lazy = fc.constantFrom<Link>(
    { stage: () => map((x: number) => x), ahead: 0 },
    { stage: () => tap(() => {}), ahead: 0 },
    { stage: () => transform<number, number>(), ahead: 0 },
    { stage: () => flatMap((x: number) => [x]), ahead: 0 },
  )
  const eager = fc.oneof(
    n.map((n): Link => ({ stage: () => buffer<number>(block(n)), ahead: n })),
    n.map((n): Link => ({ stage: () => map((x: number) => x, { strategy: timeout(n, 99) }), ahead: n })),
    n.map((n): Link => ({ stage: () => map(async (x: number) => x, { concurrency: n }), ahead: n })),
    n.map((n): Link => ({ stage: () => flatMap((x: number) => new Set([x]), { concurrency: n }), ahead: n })),
  )

  it('a chain is ahead of a consumer that stopped by its capacities and concurrencies at the most', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(lazy, eager), { maxLength: 5 }), fc.nat(12), async (links, reads) => {
        const source = endless()
        let stream = source.stream
        for (const { stage } of links) stream = stream.pipeThrough(stage())
        const reader = stream.getReader()
        for (let read = 0; read < reads; read++) expect((await reader.read()).value).toBe(read)
        await settle()
        const ahead = links.reduce((sum, link) => sum + link.ahead, 0)
        expect(source.pulled).toBeGreaterThanOrEqual(reads)
        expect(source.pulled).toBeLessThanOrEqual(reads + ahead)
        await reader.cancel()
      }),
      { numRuns: runs(150) },
    )
  })

  it('a chain without strategies and asynchronous functions pulls exactly what is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lazy, { maxLength: 6 }), fc.nat(12), async (links, reads) => {
        const source = endless()
        let stream = source.stream
        for (const { stage } of links) stream = stream.pipeThrough(stage())
        const reader = stream.getReader()
        for (let read = 0; read < reads; read++) await reader.read()
        await settle()
        expect(source.pulled).toBe(reads)
        await reader.cancel()
      }),
      { numRuns: runs(100) },
    )
  })

  it('flatMap() keeps each open expansion at most one item ahead', async () => {
    await fc.assert(
      fc.asyncProperty(n, fc.boolean(), n, fc.nat(20), async (concurrency, ordered, length, reads) => {
        let pulled = 0
        const expand = function* (item: number): Generator<number> {
          for (let i = 0; i < length; i++) {
            pulled++
            yield item
          }
        }
        const source = endless()
        const reader = source.stream.pipeThrough(flatMap(expand, { concurrency, ordered })).getReader()
        for (let read = 0; read < reads; read++) await reader.read()
        await settle()
        expect(pulled).toBeLessThanOrEqual(reads + concurrency)
        expect(source.pulled).toBeLessThanOrEqual(Math.ceil(reads / length) + concurrency)
        await reader.cancel()
      }),
      { numRuns: runs(100) },
    )
  })

  it('batch() holds its open batch and at most two closed ones', async () => {
    const ops = fc.array(fc.constantFrom('write', 'write', 'read', 'tick'), { maxLength: 60, size: 'max' })
    await fc.assert(
      fc.asyncProperty(n, fc.boolean(), ops, async (size, timed, ops) => {
        const stage = batch<number>(size, { ...(timed && { maxWait: 1 }), strategy: block(2) })
        const writer = stage.writable.getWriter()
        const reader = stage.readable.getReader()
        for (const op of ops) {
          if (op === 'write') writer.write(0).catch(() => {})
          else if (op === 'read') reader.read()
          else await vi.advanceTimersByTimeAsync(1)
          await rest()
          expect(stage.stats().inFlight).toBeLessThanOrEqual(3 * size)
        }
        await reader.cancel()
      }),
      { numRuns: runs(80) },
    )
  })
})
