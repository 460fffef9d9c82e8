import { equal, ok } from './assert.ts'
import { check } from './check.ts'
import { parallel } from './stages.ts'
import { numbers, through } from './watched.ts'

const SIZE = 100_000

const buffers = (count: number): ArrayBuffer[] => numbers(count).map(() => new ArrayBuffer(SIZE))

check('buffers are moved to the worker', async environment => {
  const items = buffers(200)
  const stage = parallel(environment.work, {
    name: 'fill',
    threads: 2,
    transfer: (item: ArrayBuffer) => [item],
  })
  const out = await through(items, stage)
  ok(
    items.every(item => item.byteLength === 0),
    'they are gone here',
  )
  ok(
    out.every(item => item.byteLength === SIZE && new Uint8Array(item).every(byte => byte === 7)),
    'what came back is full',
  )
})

check('without transfer they are copied', async environment => {
  const items = buffers(10)
  const stage = parallel(environment.work, { name: 'fill', threads: 2 })
  await through(items, stage)
  ok(
    items.every(item => item.byteLength === SIZE && new Uint8Array(item)[0] === 0),
    'they are still here, and as they were',
  )
})

check('buffers are moved back', async environment => {
  const stage = parallel(environment.work, {
    name: 'moveBack',
    threads: 2,
    transfer: (item: ArrayBuffer) => [item],
  })
  const out = await through(buffers(200), stage)
  ok(
    out.every(item => item.byteLength === SIZE && new Uint8Array(item)[SIZE - 1] === 9),
    'what came back is full',
  )
})

check('shared memory that is named to be moved stays shared, here and there', async environment => {
  // A page that is not isolated has none.
  if (typeof SharedArrayBuffer === 'undefined') return
  const items = numbers(20).map(() => new SharedArrayBuffer(8))
  const stage = parallel(environment.work, {
    name: 'moveBack',
    threads: 2,
    transfer: (item: SharedArrayBuffer) => [item],
  })
  const out = await through(items, stage)
  for (const all of [items, out]) {
    ok(
      all.every(item => item.byteLength === 8 && new Uint8Array(item)[0] === 9),
      'all of them have what a worker wrote',
    )
  }
})

check(
  'an item whose parts went with a worker cannot run again',
  async environment => {
    const failed: { code: string; index: number }[] = []
    const stage = parallel(environment.work, {
      name: 'mortal',
      threads: 1,
      batch: 10,
      crashRetries: 5,
      transfer: (item: { buffer: ArrayBuffer }) => [item.buffer],
      onError: (error: { code: string; index: number }) => {
        failed.push(error)
        return -1
      },
    })
    const items = numbers(30).map(n => ({ n, die: n === 14 ? 1 : 0, buffer: new ArrayBuffer(8) }))
    const out = await through(items, stage)
    equal(out.length, 30, 'results')
    ok(
      failed.some(error => error.index === 14) && failed.every(error => error.code === 'ERR_WORKER_CRASH'),
      JSON.stringify(failed),
    )
    // Those before it in its batch had been sent, or were lost with it; no other batch is touched but the one behind.
    ok(
      failed.every(error => error.index >= 10 && error.index < 30),
      JSON.stringify(failed.map(error => error.index)),
    )
  },
  { needs: ['exit'] },
)
