import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Dispatcher } from '../../src/executors/dispatcher.ts'
import type { Executor } from '../../src/executors/executor.ts'
import type { LineOptions } from '../../src/executors/line.ts'
import { ParallelTask } from '../../src/executors/parallel-task.ts'
import { settle } from './fake-place.ts'

/** A worker that takes a 64th of a millisecond for an item. */
const executor: Executor = {
  concurrency: 1,
  run: batch => {
    batch.busy = batch.items.length / 64
    return Promise.resolve(batch.items.map(value => ({ status: 'fulfilled', value })))
  },
  close: () => Promise.resolve(),
}

beforeEach(() => {
  // Else what it takes to send a batch would count too.
  vi.spyOn(performance, 'now').mockReturnValue(1)
})
afterEach(() => {
  vi.restoreAllMocks()
})

function pool() {
  const dispatcher = new Dispatcher(executor, 1)
  return (name: string, options: Partial<LineOptions> = {}) => {
    const line = dispatcher.open<number>(
      { stage: '', name, batch: undefined, timeout: undefined, moves: false, keyed: false, ...options },
      { outcome() {}, fulfilled() {}, ended() {}, broken() {}, closing() {} },
    )
    return {
      first: line.size,
      async work(): Promise<number> {
        for (let at = 0; at < 1_000; at++) {
          dispatcher.push(line, new ParallelTask(at, at, options.keyed ? at : undefined, []))
        }
        while (line.waitingFor(0, 1) > 0) await settle()
        dispatcher.leave(line, undefined)
        return line.size
      },
    }
  }
}

it('a stage of a pool begins with the batches that another one with its function has come to', async () => {
  const open = pool()
  const stage = open('a')
  expect(stage.first).toBe(1)
  expect(await stage.work()).toBe(128)
  expect(open('a').first).toBe(128)
  expect(open('b').first).toBe(1)
})

it.each([{ keyed: true }, { moves: true }])(
  'a stage of which no item comes back (%o) begins with one',
  async options => {
    const open = pool()
    await open('a').work()
    expect(open('a', options).first).toBe(1)
  },
)
