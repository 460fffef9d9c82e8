import { describe, expect, it } from 'vitest'
import { Dispatcher } from '../../src/executors/dispatcher.ts'
import type { Batch, Executor, Outcome } from '../../src/executors/executor.ts'
import type { LineOptions } from '../../src/executors/line.ts'
import { ParallelTask } from '../../src/executors/parallel-task.ts'
import { settle } from './fake-place.ts'

/** An executor whose batches end when the test says so, and lines of two stages in front of it. */
function shared(options: Pick<Executor, 'ahead' | 'overlap'> = {}) {
  const running: { readonly batch: Batch; readonly end: (outcomes?: readonly Outcome[]) => Promise<void> }[] =
    []
  const executor: Executor = {
    concurrency: 1,
    ahead: 1,
    ...options,
    run: batch =>
      new Promise(resolve => {
        const entry = {
          batch,
          end(outcomes: readonly Outcome[] = batch.items.map(value => ({ status: 'fulfilled', value }))) {
            running.splice(running.indexOf(entry), 1)
            resolve(outcomes)
            return settle()
          },
        }
        running.push(entry)
      }),
    close: () => Promise.resolve(),
  }
  const pool = new Dispatcher(executor, 1)
  const open = (stage: string, batch: number) => {
    const done: unknown[] = []
    const base: LineOptions = { stage, name: '', batch, timeout: undefined, moves: false, keyed: false }
    const line = pool.open<number>(base, {
      outcome: task => done.push(task.item),
      fulfilled() {},
      ended() {},
      closing() {},
      broken(error) {
        throw error
      },
    })
    let index = 0
    const push = (count: number): void => {
      for (let at = 0; at < count; at++, index++)
        pool.push(line, new ParallelTask(index, index, undefined, []))
    }
    return { line, done, push }
  }
  return { running, open }
}

describe('stages that share a pool', () => {
  it('a stage with less than a full batch gets its turn while another keeps the worker busy', async () => {
    const { running, open } = shared()
    const busy = open('busy', 4)
    const quiet = open('quiet', 4)
    busy.push(100)
    await settle()
    quiet.push(1)
    for (let batch = 0; batch < 6; batch++) {
      await settle()
      await running[0]?.end()
    }
    expect(quiet.done).toEqual([0])
  })

  it('a stage with large batches gets its turn beside one with small ones, where a worker overlaps items', async () => {
    const { running, open } = shared({ overlap: 8 })
    const small = open('small', 1)
    const large = open('large', 16)
    small.push(200)
    await settle()
    large.push(16)
    for (let batch = 0; batch < 40; batch++) await running[0]?.end()
    expect(large.done.length).toBe(16)
  })

  it('an item that must run by itself gets its turn', async () => {
    const { running, open } = shared()
    const suspect = open('suspect', 1)
    const busy = open('busy', 1)
    suspect.push(1)
    await settle()
    busy.push(100)
    await settle()
    await running[0]?.end([{ status: 'unstarted', alone: true }])
    for (let batch = 0; batch < 8; batch++) await running[0]?.end()
    expect(suspect.done).toEqual([0])
    expect(busy.done.length).toBeGreaterThan(2)
  })
})
