import { from, range, toArray } from 'sluice'
import { createPool, parallel } from 'sluice/parallel'
import type { Check } from './check.ts'
import { equal, ok, rejection } from './check.ts'
import { type Work, work } from './work.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

/** What comes out, and in which order; errors of items; what is sent and how. */
export const itemChecks: Record<string, Check> = {
  async 'ordered: 10,000 items, 2 workers'() {
    const stage = parallel<Work, 'double'>(work, { name: 'double', threads: 2 })
    const out = await toArray(range(0, 10_000).pipeThrough(stage))
    equal(
      out,
      numbers(10_000).map(n => n * 2),
    )
    const { workers, done } = stage.stats()
    equal(done, 10_000, 'done')
    ok(
      workers.every(worker => worker.items > 0),
      `a worker had nothing to do: ${JSON.stringify(workers)}`,
    )
    return workers.map(worker => worker.items).join(' + ')
  },

  async 'ordered: async items of random length, 4 at once in each worker'() {
    const stage = parallel<Work, 'later'>(work, { name: 'later', threads: 2, concurrencyPerWorker: 4 })
    const items = numbers(300).map(n => ({ n, ms: (n * 7919) % 13 }))
    equal(await toArray(from(items).pipeThrough(stage)), numbers(300))
  },

  async 'unordered: every item once'() {
    const stage = parallel<Work, 'later'>(work, {
      name: 'later',
      threads: 2,
      concurrencyPerWorker: 4,
      ordered: false,
    })
    const items = numbers(300).map(n => ({ n, ms: (n * 7919) % 13 }))
    const out = await toArray(from(items).pipeThrough(stage))
    ok(
      out.some((n, at) => n !== at),
      'they came in order',
    )
    equal(
      out.toSorted((a, b) => a - b),
      numbers(300),
    )
  },

  async 'unordered: results of quick items do not wait for a slow one of their batch'() {
    const stage = parallel<Work, 'soonOrNever'>(work, {
      name: 'soonOrNever',
      threads: 1,
      concurrencyPerWorker: 2,
      batch: 8,
      ordered: false,
      grace: 0,
    })
    const reader = range(0, 8).pipeThrough(stage).getReader()
    for (let n = 1; n < 8; n++) equal((await reader.read()).value, n)
    await reader.cancel()
  },

  async 'key: items of one key stay with one worker, in order'() {
    const stage = parallel<Work, 'workerOf'>(work, {
      name: 'workerOf',
      threads: 3,
      ordered: false,
      key: n => n % 17,
    })
    const out = await toArray(range(0, 5_000).pipeThrough(stage))
    const seen = new Map<number, { worker: number; last: number }>()
    for (const { n, worker } of out) {
      const key = n % 17
      const before = seen.get(key) ?? { worker, last: -1 }
      equal(worker, before.worker, `worker of key ${key}`)
      ok(n > before.last, `key ${key}: ${n} came after ${before.last}`)
      seen.set(key, { worker, last: n })
    }
    equal(out.length, 5_000, 'items')
    return `${new Set([...seen.values()].map(({ worker }) => worker).toSorted()).size} workers`
  },

  async 'errors cross with class name, message, stack, code, cause, index, stage'() {
    const stage = parallel<Work, 'paint'>(work, { name: 'paint', threads: 2 })
    const error = await rejection(toArray(range(0, 100).pipeThrough(stage)))
    equal(error.message, 'no blue left', 'message')
    equal(error.name, 'OutOfPaint', 'name (the bundler is told to keep names)')
    ok(error instanceof Error, 'not an Error')
    equal([error.code, error.colour, error.index, error.stage], ['E_PAINT', 'blue', 17, 'paint'], 'fields')
    ok(error.cause instanceof RangeError, `cause is ${error.cause}`)
    const [inWorker = '', inPage = ''] = String(error.stack).split('-- in a worker of the stage')
    ok(/\/work[^/]*\.js:\d+:\d+/.test(inWorker), `no worker file in ${error.stack}`)
    ok(/\.js:\d+:\d+/.test(inPage), `nothing of the page in ${error.stack}`)
    return String(error.stack)
  },

  async 'an item that cannot be cloned fails alone'() {
    const failed: unknown[] = []
    const stage = parallel<Work, 'same'>(work, {
      name: 'same',
      threads: 2,
      onError: error => {
        failed.push(error)
        return 'replaced'
      },
    })
    const items: unknown[] = numbers(100)
    items[40] = { call: () => 1 }
    const out = await toArray(from(items).pipeThrough(stage))
    equal(
      out,
      numbers(100).map(n => (n === 40 ? 'replaced' : n)),
    )
    equal(failed.length, 1, 'failed')
    return String(failed[0])
  },

  async 'a result that cannot be cloned fails alone'() {
    const failed: unknown[] = []
    const stage = parallel<Work, 'uncloneableAt77'>(work, {
      name: 'uncloneableAt77',
      threads: 2,
      onError: error => {
        failed.push(error)
        return 'replaced'
      },
    })
    const out = await toArray(range(0, 100).pipeThrough(stage))
    equal(
      out,
      numbers(100).map(n => (n === 77 ? 'replaced' : { n })),
    )
    equal(failed.length, 1, 'failed')
    return String(failed[0])
  },

  async 'array buffers move both ways'() {
    const buffers = numbers(64).map(n => new ArrayBuffer(100_000 + n))
    const stage = parallel<Work, 'fill'>(work, {
      name: 'fill',
      threads: 2,
      transfer: buffer => [buffer],
    })
    const out = await toArray(from(buffers).pipeThrough(stage))
    ok(
      buffers.every(buffer => buffer.byteLength === 0),
      'a buffer was copied there',
    )
    equal(
      out.map(buffer => buffer.byteLength),
      numbers(64).map(n => 100_000 + n),
    )
    ok(
      out.every(buffer => new Uint8Array(buffer).every(byte => byte === buffer.byteLength % 251)),
      'wrong bytes',
    )
  },

  async 'data: given to setup() and every context; teardown() is called in each worker'() {
    const channel = new BroadcastChannel('sluice-test')
    const goodbyes = new Promise<void>(resolve => {
      let count = 0
      channel.onmessage = () => ++count === 2 && resolve()
    })
    const stage = parallel<Work, 'seen'>(work, { name: 'seen', threads: 2, batch: 1, data: 'say goodbye' })
    const out = await toArray(range(0, 20).pipeThrough(stage))
    equal(
      out,
      numbers(20).map(() => ({ given: 'say goodbye', data: 'say goodbye' })),
    )
    await goodbyes
    channel.close()
  },

  async 'data: shared memory, where the page may share it'() {
    if (!crossOriginIsolated) {
      equal(typeof SharedArrayBuffer, 'undefined')
      return 'none without COOP and COEP'
    }
    const total = new Int32Array(new SharedArrayBuffer(4))
    const stage = parallel<Work, 'addShared'>(work, { name: 'addShared', threads: 2, data: { total } })
    await toArray(range(0, 1_000).pipeThrough(stage))
    equal(total[0], 499_500, 'sum')
    return 'shared'
  },

  async "what the worker's file says to the page itself does no harm"() {
    const stage = parallel<Work, 'chatty'>(work, { name: 'chatty', threads: 2 })
    equal(await toArray(range(0, 200).pipeThrough(stage)), numbers(200))
  },

  async 'what the page says to the worker itself does no harm'() {
    const stage = parallel<Work, 'double'>(
      () => {
        const worker = work()
        for (const text of ['hello', null, { type: 'colour' }]) worker.postMessage(text)
        setTimeout(() => worker.postMessage({ type: 'colour' }), 5)
        return worker
      },
      { name: 'double', threads: 1, batch: 1 },
    )
    equal(
      await toArray(range(0, 500).pipeThrough(stage)),
      numbers(500).map(n => n * 2),
    )
    equal(
      stage.stats().workers.map(({ starts }) => starts),
      [1],
      'starts',
    )
  },

  async 'a pool that two stages share'() {
    const pool = createPool<Work>(work, { threads: 2 })
    const out = await toArray(
      range(0, 1_000)
        .pipeThrough(parallel<Work, 'double'>(pool, { name: 'double' }))
        .pipeThrough(parallel<Work, 'double'>(pool, { name: 'double' })),
    )
    equal(
      out,
      numbers(1_000).map(n => n * 4),
    )
    await pool.close()
  },
}
