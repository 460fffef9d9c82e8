import type { Batch, Executor, Outcome } from 'sluice/parallel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Dispatcher } from '../../src/executors/dispatcher.ts'
import { ParallelOperator } from '../../src/executors/parallel-operator.ts'
import type { ParallelPlan } from '../../src/executors/parallel-plan.ts'
import { settle } from '../contract/probe.ts'

/** Workers that take so long for each batch, and when each was first used. */
function slowWorkers(concurrency: number, ms: number) {
  const start = performance.now()
  const used = new Map<number, number>()
  const executor: Executor = {
    concurrency,
    ahead: 1,
    async run(batch: Batch) {
      if (!used.has(batch.worker)) used.set(batch.worker, performance.now() - start)
      await new Promise(resolve => setTimeout(resolve, ms))
      return batch.items.map((value): Outcome => ({ status: 'fulfilled', value }))
    },
    close: () => Promise.resolve(),
  }
  return { executor, used }
}

/** Workers to whom it takes a millisecond to send an item, and that have it back in as good as none. */
function quickWorkers(concurrency: number): Executor {
  const { now } = performance
  let sent = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + sent)
  return {
    concurrency,
    ahead: 1,
    async run(batch) {
      sent += batch.items.length
      await new Promise(resolve => setTimeout(resolve, 1))
      batch.busy = 0.001
      return batch.items.map((value): Outcome => ({ status: 'fulfilled', value }))
    },
    close: () => Promise.resolve(),
  }
}

/** An operator over a pool that begins with one worker, fed by hand. */
function grown(executor: Executor, pressure?: () => number, more: Partial<ParallelPlan<number>> = {}) {
  const pool = new Dispatcher(executor, 1)
  const down = { next: () => true, end: vi.fn(), fail: vi.fn(), abort: vi.fn() }
  const plan = {
    stage: 's',
    name: 'default',
    ordered: true,
    key: undefined,
    batch: 1,
    timeout: undefined,
    transfer: undefined,
    crashRetries: 0,
    policies: undefined,
    signal: undefined,
    owned: true,
    ...more,
  }
  const operator = new ParallelOperator<number, unknown>(down, pool, plan, pressure)
  let n = 0
  operator.up = {
    resume() {
      while (operator.next(n++));
    },
    idle() {},
    cancel: () => undefined,
  }
  return { pool, operator, down }
}

async function pass(ms: number): Promise<void> {
  for (let time = 0; time < ms; time += 10) {
    await settle(1)
    await vi.advanceTimersByTimeAsync(10)
  }
}

describe('a pool that may grow', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('grows while there is more work than its workers can do, however long an item takes', async () => {
    const { executor, used } = slowWorkers(4, 3_000)
    const { operator, pool } = grown(executor)
    operator.resume()
    await pass(300)
    expect(pool.active).toBe(4)
    expect([...used.keys()]).toEqual([0, 1, 2, 3])
    await operator.cancel('enough')
    await pass(3_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('grows by the pressure of the inbox, where there is one', async () => {
    const { executor } = slowWorkers(4, 1_000)
    let pressure = 0.5
    const { operator, pool } = grown(executor, () => pressure)
    operator.resume()
    await pass(300)
    expect(pool.active).toBe(1)
    pressure = 0.9
    await pass(1_000)
    expect(pool.active).toBeGreaterThan(1)
    await operator.cancel('enough')
  })

  it('does not grow for what one worker has done before the next is sent', async () => {
    const moving = { batch: undefined, transfer: () => [new ArrayBuffer(1_000_000)] }
    const { operator, pool } = grown(quickWorkers(4), undefined, moving)
    operator.resume()
    await pass(300)
    // One more was asked for while nothing was known of the items.
    expect(pool.active).toBe(2)
    await operator.cancel('enough')
  })
})
