import { from, range, toArray } from 'sluice'
import { type PoolOptions, parallel, TaskTimeoutError, WorkerCrashError } from 'sluice/parallel'
import type { Check } from './check.ts'
import { equal, ok, rejection } from './check.ts'
import { workers } from './count-workers.ts'
import { type Work, work } from './work.ts'

type Fault =
  | 'loopAt77'
  | 'loopLaterAt77'
  | 'neverAt77'
  | 'closeAt77'
  | 'closeAt77Later'
  | 'throwAt77FromTimer'

/** Runs 200 items of which number 77 comes to grief: the others come out in order, and it fails as it should. */
async function run(name: Fault, options: PoolOptions & { timeout?: number; crashRetries?: number }) {
  const failed: unknown[] = []
  const stage = parallel<Work, Fault>(work, {
    ...options,
    name,
    threads: 2,
    onError(error) {
      failed.push(error)
      return -1
    },
  })
  const start = performance.now()
  const out = await toArray(range(0, 200).pipeThrough(stage))
  const ms = Math.round(performance.now() - start)
  equal(
    out,
    Array.from({ length: 200 }, (_, n) => (n === 77 ? -1 : n)),
  )
  equal(failed.length, 1, 'failed')
  const { workers: each } = stage.stats()
  const crashes = each.reduce((sum, worker) => sum + worker.crashes, 0)
  return { error: failed[0], crashes, ms }
}

/** Workers that hang or die, and stages that are aborted. */
export const faultChecks: Record<string, Check> = {
  async 'timeout: an endless loop ends its worker alone'() {
    const { error, crashes, ms } = await run('loopAt77', { timeout: 50 })
    ok(error instanceof TaskTimeoutError, `it is ${error}`)
    equal([error.index, error.item, error.code, error.timeout], [77, 77, 'ERR_TASK_TIMEOUT', 50])
    equal(crashes, 1, 'workers ended')
    return `${ms} ms in all: ${error}`
  },

  async 'timeout: an endless loop behind an await ends its worker alone'() {
    const { error, crashes, ms } = await run('loopLaterAt77', { timeout: 50 })
    ok(error instanceof TaskTimeoutError, `it is ${error}`)
    equal([error.index, error.item, error.code], [77, 77, 'ERR_TASK_TIMEOUT'])
    equal(crashes, 1, 'workers ended')
    return `${ms} ms in all: ${error}`
  },

  async 'timeout: an async item that never settles'() {
    const { error, ms } = await run('neverAt77', { timeout: 50 })
    ok(error instanceof TaskTimeoutError, `it is ${error}`)
    equal([error.index, error.code], [77, 'ERR_TASK_TIMEOUT'])
    return `${ms} ms in all: ${error}`
  },

  async 'timeout: another item goes on at the same worker while an async one is timed out'() {
    const { crashes, ms } = await run('neverAt77', { timeout: 100, concurrencyPerWorker: 4, grace: 20_000 })
    equal(crashes, 0, 'workers ended')
    return `${ms} ms in all`
  },

  async 'timeout: quick items are not taken for slow ones while the page is busy'() {
    const stage = parallel<Work, 'spin'>(work, { name: 'spin', threads: 2, timeout: 100 })
    const busy = setInterval(() => {
      const end = performance.now() + 250
      while (performance.now() < end);
    }, 20)
    const items = new Array<number>(50).fill(20)
    const out = toArray(from(items).pipeThrough(stage)).finally(() => clearInterval(busy))
    equal(await out, items)
  },

  async 'self.close() in an item: WorkerCrashError, the rest goes on'() {
    const { error, crashes, ms } = await run('closeAt77', {})
    ok(error instanceof WorkerCrashError, `it is ${error}`)
    equal([error.index, error.item, error.code, error.attempts], [77, 77, 'ERR_WORKER_CRASH', 1])
    equal(crashes, 1, 'workers lost')
    return `${ms} ms in all: ${error}`
  },

  async 'self.close() in an async item among others'() {
    const { error, ms } = await run('closeAt77Later', { concurrencyPerWorker: 4, crashRetries: 1 })
    ok(error instanceof WorkerCrashError, `it is ${error}`)
    equal([error.index, error.attempts], [77, 2])
    return `${ms} ms in all: ${error}`
  },

  async 'an error that nobody catches in the worker: WorkerCrashError'() {
    const { error, ms } = await run('throwAt77FromTimer', {})
    ok(error instanceof WorkerCrashError, `it is ${error}`)
    equal(error.index, 77)
    return `${ms} ms in all: ${error}`
  },

  async 'abort while a worker loops: both sides get the reason, the worker is ended after the grace period'() {
    const controller = new AbortController()
    const before = workers.alive
    const stage = parallel<Work, 'loopAt77'>(work, {
      name: 'loopAt77',
      threads: 2,
      // Results of a longer batch would be held up by the loop behind them.
      batch: 1,
      signal: controller.signal,
      grace: 100,
    })
    let cancelled: unknown
    const source = new ReadableStream<number>({
      start(controller) {
        for (let n = 0; n < 200; n++) controller.enqueue(n)
      },
      cancel(reason) {
        cancelled = reason
      },
    })
    const reader = source.pipeThrough(stage).getReader()
    for (let n = 0; n < 77; n++) await reader.read()
    const reason = new Error('enough')
    const start = performance.now()
    const read = rejection(reader.read())
    controller.abort(reason)
    ok((await read) === reason, 'another reason')
    const told = performance.now() - start
    await workers.gone(before)
    const gone = performance.now() - start
    ok(cancelled === reason, `the source was cancelled with ${cancelled}`)
    ok(told < 50, `it took ${told} ms to tell`)
    ok(gone >= 90 && gone < 1_000, `the worker was ended after ${gone} ms`)
    return `told after ${told.toFixed(1)} ms, ended after ${gone.toFixed(0)} ms`
  },

  async 'cancel while setup() never ends'() {
    const before = workers.alive
    const make = () => new Worker(new URL('./workers/endless-setup.ts', import.meta.url), { type: 'module' })
    // biome-ignore lint/suspicious/noExplicitAny: a module that has no types
    const stage = parallel<any, any>(make, { name: 'predict', threads: 2, grace: 50 })
    const reader = range(0, 200).pipeThrough(stage).getReader()
    const read = reader.read()
    await workers.come(before + 2)
    await reader.cancel('no more')
    equal((await read).done, true, 'done')
    equal(workers.alive, before, 'workers')
  },

  async 'cancel while a worker loops'() {
    const before = workers.alive
    const stage = parallel<Work, 'loopAt77'>(work, { name: 'loopAt77', threads: 2, grace: 50 })
    const reader = range(0, 200).pipeThrough(stage).getReader()
    await reader.read()
    await reader.cancel('no more')
    equal(workers.alive, before, 'workers')
  },
}
