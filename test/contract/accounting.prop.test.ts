import fc from 'fast-check'
import { from, type Stage } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { build, checkLaw, type Item, kinds, type Spec, type World } from './accounting-chain.ts'
import { manualTime, rest } from './overflow-driver.ts'

const OPS = ['push', 'read', 'job', 'failJob', 'tick', 'end', 'fail', 'cancel', 'abort'] as const
/** `hasty`: the next step comes before this one has come to rest. */
type Op = { readonly op: (typeof OPS)[number]; readonly nth: number; readonly hasty?: boolean }

const often = (weight: number, ...ops: Op['op'][]) => ({ weight, arbitrary: fc.constantFrom(...ops) })
const op: fc.Arbitrary<Op> = fc.record({
  op: fc.oneof(
    often(20, 'push'),
    often(20, 'read'),
    often(16, 'job'),
    often(4, 'tick'),
    often(1, 'end', 'fail', 'cancel', 'abort', 'failJob'),
  ),
  nth: fc.nat(4),
  hasty: fc.boolean(),
})

const spec: fc.Arbitrary<Spec> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    mode: fc.constantFrom('none', 'none', 'block', 'dropNewest', 'dropOldest', 'reject', 'timeout', 'spill'),
    capacity: fc.integer({ min: 1, max: 4 }),
    weighed: fc.boolean(),
    routed: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 3 }),
    ordered: fc.boolean(),
    n: fc.nat(3),
    throwsAt: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) },
    ),
  })
  .filter(({ kind, mode }) => mode !== 'spill' || (kind !== 'prioritized' && kind !== 'samplePressure'))

/** Stages whose function is not called once for each item, or that have none. */
const SILENT = [
  ...['take', 'drop', 'buffer', 'prioritized', 'dropWhile', 'batch', 'windows', 'keepAlive'],
  // Policies call a function more than once for an item, or not at all.
  ...['mapRetried', 'flatMapRetried', 'mapBroken'],
  ...['debounce', 'throttleLatest', 'sampleTicks', 'sampleRate', 'samplePressure'],
]

const front = fc.constantFrom('source' as const, 'writer' as const)
const chain = fc.array(spec, { minLength: 1, maxLength: 5, size: 'max' })

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

/** A random chain, with somebody on each side. */
class Chain implements World {
  readonly jobs: World['jobs'] = []
  readonly stages: { readonly stage: Stage<Item, Item>; readonly spec: Spec; calls(): number }[] = []
  /** Items that came out, and whether somebody ended it out of turn. */
  read = 0
  broken = false
  readonly #reader: ReadableStreamDefaultReader<Item>
  readonly #feed: Pick<ReadableStreamDefaultController<Item>, 'enqueue' | 'close' | 'error'>
  readonly #controller = new AbortController()
  #closed = false
  #items = 0

  constructor(front: 'source' | 'writer', specs: readonly Spec[]) {
    for (const spec of specs) this.stages.push({ spec, ...build(spec, this) })
    const { stages } = this
    const first = stages[0]?.stage as Stage<Item, Item>
    let out: ReadableStream<Item>
    if (front === 'source') {
      let feed!: ReadableStreamDefaultController<Item>
      const source = new ReadableStream<Item>({ start: c => void (feed = c) }, { highWaterMark: 0 })
      out = from(source, { signal: this.#controller.signal }).pipeThrough(first)
      this.#feed = feed
    } else {
      const writer = first.writable.getWriter()
      writer.closed.catch(() => {})
      this.#controller.signal.addEventListener('abort', () => writer.abort('aborted').catch(() => {}))
      this.#feed = {
        enqueue: item => void writer.write(item).catch(() => {}),
        close: () => void writer.close().catch(() => {}),
        error: reason => void writer.abort(reason).catch(() => {}),
      }
      out = first.readable
    }
    for (const { stage } of stages.slice(1)) out = out.pipeThrough(stage)
    this.#reader = out.getReader()
    this.#reader.closed.catch(() => {})
  }

  check = (): void => {
    for (const { stage } of this.stages) checkLaw(stage.stats())
  }

  do({ op, nth }: Op): void {
    if (op === 'push') this.#unlessClosed(() => this.#feed.enqueue(this.#items++))
    else if (op === 'read') {
      this.#reader.read().then(
        ({ done }) => (this.read += done ? 0 : 1),
        () => {},
      )
    } else if (op === 'job') this.jobs.splice(nth % (this.jobs.length || 1), 1)[0]?.resolve()
    else if (op === 'failJob')
      this.jobs.splice(nth % (this.jobs.length || 1), 1)[0]?.reject(new Error('failed'))
    else if (op === 'end' || op === 'fail') {
      this.#unlessClosed(() => (op === 'end' ? this.#feed.close() : this.#feed.error('failed')))
      this.#closed = true
    } else if (op === 'cancel') this.#reader.cancel('cancelled').catch(() => {})
    else if (op === 'abort') this.#controller.abort('aborted')
    if (op === 'abort' || op === 'cancel' || op === 'fail' || op === 'failJob') this.broken = true
  }

  // A source that was cancelled refuses its items.
  #unlessClosed(action: () => void): void {
    if (this.#closed) return
    try {
      action()
    } catch {
      this.#closed = true
    }
  }
}

async function play(front: 'source' | 'writer', specs: readonly Spec[], ops: readonly Op[]): Promise<Chain> {
  const chain = new Chain(front, specs)
  chain.check()
  for (const step of ops) {
    chain.do(step)
    chain.check()
    for (let turn = 0; turn < 3; turn++) await Promise.resolve().then(chain.check)
    if (step.hasty) continue
    if (step.op === 'tick') await vi.advanceTimersByTimeAsync(1 + step.nth)
    await rest()
    chain.check()
    checkAtRest(chain)
  }
  return chain
}

/** What else holds while nothing moves. */
function checkAtRest({ stages, read, broken }: Chain): void {
  for (const [at, { stage, spec, calls }] of stages.entries()) {
    const { kind } = spec
    const stats = stage.stats()
    const next = stages[at + 1]
    // What a platform stage has given may lie in the queue of its readable.
    if (!next && kind.startsWith('native')) expect(stats.emitted).toBeGreaterThanOrEqual(read)
    else if (!next) expect(stats.emitted, 'items read').toBe(read)
    else if (!kind.startsWith('native') && !next.spec.kind.startsWith('native')) {
      const under = stats.emitted - next.stage.stats().received
      // An item that does not fit may wait in front of a weighed inbox.
      const waits = next.spec.weighed && (next.spec.mode === 'block' || next.spec.mode === 'timeout')
      expect(
        under === 0 || (waits && under === 1),
        `emitted by ${at} but not received behind: ${under}`,
      ).toBe(true)
    }
    const silent = SILENT.includes(kind)
    if (broken || silent || stats.discarded > 0) continue
    expect(stats.inFlight + stats.done + stats.failed, `calls of ${kind}`).toBe(calls())
  }
}

describe('contract 4: nothing vanishes', () => {
  for (const side of ['source', 'writer'] as const) {
    it(`every stage of a chain behind a ${side} keeps the law at every moment`, async () => {
      await fc.assert(
        fc.asyncProperty(chain, fc.array(op, { maxLength: 40, size: 'max' }), (specs, ops) =>
          // A chain that has not ended goes on in its timers, which the next one would turn along with its own.
          play(side, specs, ops)
            .finally(() => vi.clearAllTimers())
            .then(() => {}),
        ),
        { numRuns: runs(200) },
      )
    })
  }

  it('once a chain has come to its end, nothing is queued or in flight, and no timer runs', async () => {
    const ending = fc.constantFrom('fail' as const, 'cancel' as const, 'abort' as const, 'failJob' as const)
    await fc.assert(
      fc.asyncProperty(
        front,
        chain,
        fc.array(op, { maxLength: 20 }),
        ending,
        async (side, specs, ops, op) => {
          const chain = await play(side, specs, [...ops, { op, nth: 0 }, { op: 'cancel', nth: 0 }])
          // The platform's own stages go on with what they have begun, and a store may be in between.
          for (let turn = 0; turn < 4; turn++) {
            for (const job of chain.jobs.splice(0)) job.resolve()
            await rest()
          }
          for (const { stage } of chain.stages) {
            const { queued, inFlight } = stage.stats()
            expect({ queued, inFlight }).toEqual({ queued: 0, inFlight: 0 })
          }
          expect(vi.getTimerCount(), 'timers').toBe(0)
        },
      ),
      { numRuns: runs(100) },
    )
  })
})
