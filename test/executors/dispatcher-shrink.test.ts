import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Dispatcher } from '../../src/executors/dispatcher.ts'
import type { Executor } from '../../src/executors/executor.ts'
import { ParallelTask } from '../../src/executors/parallel-task.ts'
import { settle } from './fake-place.ts'

function pool(keyed: boolean) {
  const retired: number[] = []
  const ends: (() => void)[] = []
  const executor: Executor = {
    concurrency: 4,
    run: batch =>
      new Promise(resolve => {
        ends.push(() => resolve(batch.items.map(value => ({ status: 'fulfilled', value }))))
      }),
    retire: worker => void retired.push(worker),
    close: () => Promise.resolve(),
  }
  const dispatcher = new Dispatcher(executor, 1)
  const line = dispatcher.open<number>(
    { stage: '', name: '', batch: 1, timeout: undefined, moves: false, keyed },
    { outcome() {}, fulfilled() {}, ended() {}, broken() {}, closing() {} },
  )
  /** Gives each worker an item, and has them finish in this order. */
  const work = async (order: readonly number[]): Promise<void> => {
    for (let at = 0; at < 4; at++) dispatcher.push(line, new ParallelTask(at, at, keyed ? at : undefined, []))
    await settle()
    expect(ends.length).toBe(4)
    for (const at of order) {
      ends[at]?.()
      await settle()
    }
    ends.length = 0
  }
  return { dispatcher, line, retired, work }
}

describe('a pool without work', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 3, 0, 2],
  ]) {
    it(`gives up all workers but the least number, when they finished in the order ${order}`, async () => {
      const { dispatcher, retired, work } = pool(false)
      for (let more = 0; more < 3; more++) {
        vi.advanceTimersByTime(100)
        dispatcher.grow()
      }
      expect(dispatcher.active).toBe(4)
      await work(order)
      vi.advanceTimersByTime(999)
      expect(retired).toEqual([])
      vi.advanceTimersByTime(1)
      expect(retired).toEqual([3, 2, 1])
      expect(dispatcher.active).toBe(1)
    })
  }

  it('gives up the workers that only keys had use for, once the stage with keys has ended', async () => {
    const { dispatcher, line, retired, work } = pool(true)
    await work([0, 1, 2, 3])
    vi.advanceTimersByTime(5_000)
    expect(retired).toEqual([])
    dispatcher.leave(line, undefined)
    vi.advanceTimersByTime(1_000)
    expect(retired).toEqual([3, 2, 1])
  })

  it('sets no timer once it is closed', async () => {
    const { dispatcher, line, work } = pool(true)
    await work([0, 1, 2, 3])
    dispatcher.leave(line, undefined)
    await dispatcher.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
