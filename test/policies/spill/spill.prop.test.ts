import fc from 'fast-check'
import { channel, map, SpillError, type Stage, type StageStats, spill } from 'sluice'
import { describe, expect, it } from 'vitest'
import { rest } from '../../contract/overflow-driver.ts'
import { runs } from '../../setup/runs.ts'
import { MemoryStore } from './memory-store.ts'

/** How the items are worked on: by whoever reads, or by a function that the plan brings to its end. */
type Work = 'channel' | 'one by one' | 'three at once' | 'three in any order'

const setup = fc.record({
  work: fc.constantFrom<Work>('channel', 'one by one', 'three at once', 'three in any order'),
  memory: fc.integer({ min: 1, max: 9 }),
  room: fc.constantFrom(Infinity, 40, 200),
})
type Setup = typeof setup extends fc.Arbitrary<infer S> ? S : never

const op = fc.oneof(
  { weight: 6, arbitrary: fc.constant('write' as const) },
  { weight: 2, arbitrary: fc.constant('trySend' as const) },
  { weight: 5, arbitrary: fc.constant('read' as const) },
  { weight: 5, arbitrary: fc.constant('work' as const) },
  { weight: 4, arbitrary: fc.constant('store' as const) },
  { weight: 3, arbitrary: fc.constant('rest' as const) },
  { weight: 1, arbitrary: fc.constant('slow' as const) },
  { weight: 1, arbitrary: fc.constant('fail' as const) },
  { weight: 1, arbitrary: fc.constant('crash before' as const) },
  { weight: 1, arbitrary: fc.constant('crash after' as const) },
  { weight: 1, arbitrary: fc.constant('cancel' as const) },
  { weight: 1, arbitrary: fc.constant('abort' as const) },
  { weight: 1, arbitrary: fc.constant('throw' as const) },
)
const plan = fc.array(fc.tuple(op, fc.nat(5)), { maxLength: 80, size: 'max' })

interface Item {
  readonly id: number
}

const law = (s: StageStats): number =>
  s.queued + s.inFlight + s.done + s.failed + s.dropped + s.rejected + s.timedOut + s.discarded

/** One process: it works on what it finds, until it crashes or stops. */
class Run {
  readonly out: number[] = []
  /** Told to the writer. */
  readonly acknowledged: number[] = []
  readonly refused: number[] = []
  readonly taken: number[] = []
  readonly stage: Stage<Item, Item>
  readonly #writer: WritableStreamDefaultWriter<Item>
  readonly #reader: ReadableStreamDefaultReader<Item>
  readonly #atWork: { done: () => void; fail: (error: unknown) => void }[] = []
  readonly store: MemoryStore
  readonly #setup: Setup
  /** It crashed: nobody sees any more what it does. */
  dead = false

  constructor(store: MemoryStore, setup: Setup) {
    this.store = store
    this.#setup = setup
    const { work, memory, room } = setup
    const options = {
      strategy: spill<Item>(store, { memory, maxBytes: room }),
      onReject: ({ id }: Item, error: Error) => {
        expect(error).toBeInstanceOf(SpillError)
        if (!this.dead) this.refused.push(id)
      },
    }
    const task = (item: Item) =>
      new Promise<Item>((resolve, reject) => this.#atWork.push({ done: () => resolve(item), fail: reject }))
    if (work === 'channel') this.stage = channel<Item>(options.strategy, options)
    else if (work === 'one by one') this.stage = map(task, options)
    else this.stage = map(task, { ...options, concurrency: 3, ordered: work === 'three at once' })
    this.#writer = this.stage.writable.getWriter()
    this.#reader = this.stage.readable.getReader()
    for (const promise of [this.#writer.closed, this.#reader.closed]) promise.catch(() => {})
  }

  write(id: number): void {
    this.#writer.write({ id }).then(
      () => this.dead || this.acknowledged.push(id),
      () => {},
    )
  }

  trySend(id: number): void {
    if (
      'trySend' in this.stage &&
      (this.stage as unknown as { trySend(item: Item): boolean }).trySend({ id })
    ) {
      this.taken.push(id)
    }
  }

  async read(): Promise<boolean> {
    const { done, value } = await this.#reader.read()
    if (value && !this.dead) this.out.push(value.id)
    return !done
  }

  /** The function comes to its end for one of its items. */
  work(which: number): void {
    this.#atWork.splice(which % Math.max(1, this.#atWork.length), 1)[0]?.done()
  }

  /** The function fails, and the stage with it; false if it has nothing at work. */
  async throw(which: number): Promise<boolean> {
    if (this.#atWork.length === 0) return false
    const [item] = this.#atWork.splice(which % this.#atWork.length, 1)
    this.#free()
    item?.fail('broken')
    while (this.#atWork.length > 0) this.work(0)
    // It fails in its turn, which comes when somebody reads.
    let failed = false
    while (!failed)
      failed = await this.read().then(
        more => !more,
        () => true,
      )
    for (let turn = 0; turn < 4; turn++) await rest()
    this.check()
    return true
  }

  check(): void {
    const stats = this.stage.stats()
    expect(law(stats)).toBe(stats.received)
    const { memory, room } = this.#setup
    // A lone item may be bigger than all the room.
    if (stats.queued > 1) expect(stats.utilization * room || 0).toBeLessThanOrEqual(room)
    expect(stats.inFlight).toBeLessThanOrEqual(this.#setup.work === 'channel' ? 1 : 3)
    expect(memory).toBeGreaterThan(0)
  }

  /** It dies; what the stage had handed over until then, and told its writers, they have. */
  async crash(arrived: boolean): Promise<MemoryStore> {
    const { emitted } = this.stage.stats()
    const left = this.store.crash(arrived)
    await rest()
    this.dead = true
    this.out.length = Math.min(this.out.length, emitted)
    return left
  }

  async cancel(): Promise<void> {
    this.#free()
    // The store may refuse word of what is finished with: then it comes again.
    const cancelled = this.#reader.cancel('enough').catch(error => expect(error).toBeInstanceOf(SpillError))
    for (let turn = 0; turn < 4; turn++) await rest()
    await cancelled
    this.check()
  }

  async abort(): Promise<void> {
    this.#free()
    await this.#writer.abort('enough')
    for (let turn = 0; turn < 4; turn++) await rest()
    this.check()
  }

  /** Brings everything to its end; false if the store had failed too often before. */
  async drain(): Promise<boolean> {
    this.#free()
    let closed = false
    this.#writer.close().then(
      () => (closed = true),
      () => {},
    )
    let more = true
    let failed = false
    const all = (async () => {
      while (more) more = await this.read()
    })().catch(error => {
      expect(error).toBeInstanceOf(SpillError)
      failed = true
    })
    for (let turn = 0; !failed && (more || !closed); turn++) {
      if (turn > 2000) throw new Error(`stuck: ${JSON.stringify(this.stage.stats())}`)
      while (this.#atWork.length > 0) this.work(0)
      await rest()
    }
    await all
    this.check()
    return !failed
  }

  #free(): void {
    this.store.slow = false
    this.store.failures.batch.length = 0
    for (let left = 0; left < 3; left++) this.store.release()
  }
}

async function play(setup: Setup, steps: [string, number][]): Promise<void> {
  let run = new Run(new MemoryStore(), setup)
  const past: Run[] = []
  let id = 0
  const next = (store: MemoryStore): void => {
    past.push(run)
    run = new Run(store, setup)
  }
  for (const [op, n] of steps) {
    if (op === 'write') for (let left = n % 3; left >= 0; left--) run.write(id++)
    else if (op === 'trySend') run.trySend(id++)
    else if (op === 'read') run.read().catch(() => {})
    else if (op === 'work') run.work(n)
    else if (op === 'store') run.store.release()
    else if (op === 'rest') await rest()
    else if (op === 'slow') run.store.slow = !run.store.slow
    else if (op === 'fail') run.store.failures.batch.push(new Error('disk full'))
    else if (op === 'cancel') {
      await run.cancel()
      next(run.store)
    } else if (op === 'abort') {
      await run.abort()
      next(run.store)
    } else if (op === 'throw') {
      if (await run.throw(n)) next(run.store)
    } else {
      next(await run.crash(op === 'crash after'))
    }
    run.check()
  }
  if (!(await run.drain())) {
    next(run.store)
    expect(await run.drain()).toBe(true)
  }
  past.push(run)
  judge(past, setup)
}

function judge(past: readonly Run[], { work, memory }: Setup): void {
  const all = past.flatMap(run => run.out)
  const told = past.flatMap(run => run.acknowledged)
  const refused = new Set(past.flatMap(run => run.refused))
  // Nothing that was acknowledged is lost, nothing that was refused by the store comes out.
  expect(told.filter(id => !all.includes(id))).toEqual([])
  expect(all.filter(id => refused.has(id))).toEqual([])
  // Whatever was taken without an answer in the last run has come out, or was refused.
  const last = past.at(-1) as Run
  expect(last.taken.filter(id => !all.includes(id) && !refused.has(id))).toEqual([])
  for (const [at, { out }] of past.entries()) {
    // A run gives each item once, and in order unless it was asked not to.
    expect(new Set(out).size).toBe(out.length)
    if (work !== 'three in any order') expect(out).toEqual([...out].sort((a, b) => a - b))
    // What comes again is what came last, and no more than the memory holds beside what was at work.
    const before = past.slice(0, at).flatMap(run => run.out)
    const again = out.filter(id => before.includes(id))
    expect(again.length).toBeLessThanOrEqual((memory + 3) * at)
  }
}

describe('spill() loses nothing that was acknowledged, whatever happens to the process and the store', () => {
  it('and gives it in order, counted, at least once', async () => {
    await fc.assert(fc.asyncProperty(setup, plan, play), { numRuns: runs(300) })
  })
})
