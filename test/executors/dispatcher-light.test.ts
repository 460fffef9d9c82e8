import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Dispatcher } from '../../src/executors/dispatcher.ts'
import type { Batch, Executor } from '../../src/executors/executor.ts'
import type { LineOptions } from '../../src/executors/line.ts'
import { ParallelTask } from '../../src/executors/parallel-task.ts'
import { turn } from '../setup/turn.ts'

/** By the clock that the dispatcher sees: what it takes to send an item, in milliseconds. */
const SENDING = 0.001
let now = 1
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

interface Setting {
  /** Milliseconds that an item takes its worker. */
  readonly busy: number
  readonly workers?: number
  readonly ahead?: number
  readonly recycleAfter?: number
  readonly options?: Partial<LineOptions>
}

/** Workers that answer in a later turn, and what they were given. */
class Workers implements Executor {
  readonly concurrency: number
  readonly ahead: number
  readonly #busy: number
  readonly #at = new Set<Batch>()
  /** Batches of a stage, by worker. */
  given: number[] = []
  largest = 0
  most = 0

  constructor({ busy, workers = 3, ahead = 1 }: Setting) {
    this.concurrency = workers
    this.ahead = ahead
    this.#busy = busy
    this.forget()
  }

  forget(): void {
    this.given = new Array<number>(this.concurrency).fill(0)
    this.largest = this.most = 0
  }

  async run(batch: Batch) {
    now += SENDING * batch.items.length
    this.#at.add(batch)
    this.given[batch.worker] = (this.given[batch.worker] as number) + 1
    this.largest = Math.max(this.largest, batch.items.length)
    this.most = Math.max(
      this.most,
      [...this.#at].reduce((sum, each) => sum + each.items.length, 0),
    )
    await turn()
    this.#at.delete(batch)
    batch.busy = this.#busy * batch.items.length
    return batch.items.map(value => ({ status: 'fulfilled', value }) as const)
  }

  close = () => Promise.resolve()
}

/** A stage that moves a megabyte with each item: a thousand of them, to find out, and what becomes of a thousand more. */
async function under(setting: Setting) {
  const workers = new Workers(setting)
  const pool = new Dispatcher(workers, workers.concurrency, setting.recycleAfter)
  const line = stage(pool, { moves: true, ...setting.options })
  await line.settled(1000)
  workers.forget()
  await line.settled(1000)
  const { given, largest, most } = workers
  return { used: given.filter(count => count > 0).length, largest, most, takes: pool.takes(line.line) }
}

function stage(pool: Dispatcher, options: Partial<LineOptions>) {
  const buffer = new ArrayBuffer(1_000_000)
  let done = 0
  const line = pool.open<number>(
    { stage: '', name: '', batch: undefined, timeout: undefined, moves: false, keyed: false, ...options },
    { outcome: () => done++, fulfilled: all => (done += all.length), ended() {}, broken() {}, closing() {} },
  )
  return {
    line,
    async settled(count: number) {
      line.full = true
      for (let at = 0; at < count; at++) {
        const key = options.keyed ? at % pool.workers : undefined
        pool.push(line, new ParallelTask(at, at, key, options.moves ? [buffer] : []))
      }
      for (const end = done + count; done < end; ) await turn()
    },
  }
}

const gathered = { used: 1, largest: 32, most: 64, takes: 64 }
const spread = { used: 3, largest: 10, most: 60, takes: 60 }

it('gives one worker all that is moved and takes it less than it takes to send, one batch behind another', async () => {
  expect(await under({ busy: 0.0005 })).toEqual(gathered)
  expect(await under({ busy: 0.0005, workers: 16 })).toEqual(gathered)
})

it('gives it to all of them where it takes longer', async () => {
  expect(await under({ busy: 0.002 })).toEqual(spread)
})

it('gives it to all of them where they have a batch each, keys, or are replaced after so many items', async () => {
  expect(await under({ busy: 0.0005, ahead: 0 })).toEqual({ used: 3, largest: 21, most: 63, takes: 63 })
  expect(await under({ busy: 0.0005, options: { keyed: true } })).toEqual(spread)
  expect(await under({ busy: 0.0005, recycleAfter: 100_000 })).toEqual(spread)
})

it('gives it to all of them where the size of a batch was asked for', async () => {
  expect(await under({ busy: 0.0005, options: { batch: 8 } })).toMatchObject({
    used: 3,
    largest: 8,
    takes: 48,
  })
})

it('says nothing of a stage that moves nothing, though it has the same function', async () => {
  const workers = new Workers({ busy: 0.0005 })
  const pool = new Dispatcher(workers, 3)
  const light = stage(pool, { moves: true })
  await light.settled(1000)
  pool.leave(light.line, undefined)
  const plain = stage(pool, {})
  expect({ before: light.line.sizes.light, after: plain.line.sizes.light, size: plain.line.size }).toEqual({
    before: true,
    after: false,
    size: 1,
  })
})

it('goes to all workers while another stage has the pool too', async () => {
  const workers = new Workers({ busy: 0.0005 })
  const pool = new Dispatcher(workers, 3)
  const light = stage(pool, { moves: true })
  await light.settled(1000)
  workers.forget()
  await light.settled(1000)
  const alone = workers.given.filter(count => count > 0).length
  const other = stage(pool, { name: 'other' })
  workers.forget()
  await light.settled(1000)
  const together = workers.given.filter(count => count > 0).length
  pool.leave(other.line, undefined)
  await light.settled(100)
  workers.forget()
  await light.settled(1000)
  const again = workers.given.filter(count => count > 0).length
  expect({ alone, together, again }).toEqual({ alone: 1, together: 3, again: 1 })
})
