import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Dispatcher } from '../../src/executors/dispatcher.ts'
import type { Batch, Executor } from '../../src/executors/executor.ts'
import { ParallelTask } from '../../src/executors/parallel-task.ts'
import { turn } from '../setup/turn.ts'

beforeEach(() => {
  // Else what it takes to send a batch would count too.
  vi.spyOn(performance, 'now').mockReturnValue(1)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Two workers that take one batch ahead and so long for an item, and a stage that moves a megabyte with each. */
async function under(msAnItem: number, batch?: number) {
  const at: [Set<Batch>, Set<Batch>] = [new Set(), new Set()]
  const deepest = [0, 0]
  let largest = 0
  let most = 0
  const executor: Executor = {
    concurrency: 2,
    ahead: 1,
    async run(batch) {
      const worker = at[batch.worker] as Set<Batch>
      worker.add(batch)
      deepest[batch.worker] = Math.max(deepest[batch.worker] as number, worker.size)
      largest = Math.max(largest, batch.items.length)
      most = Math.max(
        most,
        [...at[0], ...at[1]].reduce((sum, each) => sum + each.items.length, 0),
      )
      await turn()
      worker.delete(batch)
      batch.busy = msAnItem * batch.items.length
      return batch.items.map(value => ({ status: 'fulfilled', value }))
    },
    close: () => Promise.resolve(),
  }
  const pool = new Dispatcher(executor, 2)
  const buffer = new ArrayBuffer(1_000_000)
  let done = 0
  const line = pool.open<number>(
    { stage: '', name: '', batch, timeout: undefined, moves: true, keyed: false },
    { outcome: () => done++, fulfilled: all => (done += all.length), ended() {}, broken() {}, closing() {} },
  )
  const settled = async (count: number) => {
    line.full = true
    for (let index = 0; index < count; index++)
      pool.push(line, new ParallelTask(index, index, undefined, [buffer]))
    const before = done
    while (done < before + count) await turn()
  }
  await settled(500)
  deepest.fill(0)
  largest = most = 0
  await settled(500)
  return { deepest, largest, most, depth: pool.depth(line) }
}

it('sends a worker no batch ahead where bytes bound them, and the items take it less than the message', async () => {
  expect(await under(0.001)).toEqual({ deepest: [1, 1], largest: 32, most: 64, depth: 1 })
})

it('sends one ahead where the items take longer, and half as many in each', async () => {
  expect(await under(0.01)).toEqual({ deepest: [2, 2], largest: 16, most: 64, depth: 2 })
})

it('sends one ahead where the size of a batch was asked for', async () => {
  expect(await under(0.001, 8)).toEqual({ deepest: [2, 2], largest: 8, most: 32, depth: 2 })
})

it('a stage that sends none ahead gets its turn behind the batches of another one', async () => {
  const order: string[] = []
  const running: (() => void)[] = []
  const executor: Executor = {
    concurrency: 1,
    ahead: 1,
    run: batch =>
      new Promise(resolve => {
        order.push(batch.stage)
        running.push(() => {
          batch.busy = batch.stage === 'light' ? 0.001 * batch.items.length : 2
          resolve(batch.items.map(value => ({ status: 'fulfilled', value })))
        })
      }),
    close: () => Promise.resolve(),
  }
  const pool = new Dispatcher(executor, 1)
  const open = (stage: string, moved: ArrayBuffer[]) => {
    const line = pool.open<number>(
      { stage, name: stage, batch: undefined, timeout: undefined, moves: moved.length > 0, keyed: false },
      { outcome() {}, fulfilled() {}, ended() {}, broken() {}, closing() {} },
    )
    return (count: number) => {
      line.full = true
      for (let at = 0; at < count; at++) pool.push(line, new ParallelTask(at, at, undefined, moved))
      return line
    }
  }
  const step = async () => {
    running.shift()?.()
    await turn()
  }
  const light = open('light', [new ArrayBuffer(1_000_000)])
  const line = light(500)
  while (line.size < 64) await step()
  const depth = pool.depth(line)
  open('busy', [])(1_000)
  order.length = 0
  for (let batch = 0; batch < 6; batch++) await step()
  expect(depth).toBe(1)
  expect(order.slice(0, 6)).toEqual(['busy', 'light', 'busy', 'light', 'busy', 'light'])
})
