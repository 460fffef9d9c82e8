import { from } from 'sluice'
import { equal, ok, rejection, sameOrder } from './assert.ts'
import { check } from './check.ts'
import { createPool, parallel } from './stages.ts'
import { numbers, through } from './watched.ts'

const cells = (): Int32Array => new Int32Array(new SharedArrayBuffer(16))

for (const [options, most] of [
  [{ recycleAfter: 10, batch: 1 }, 10],
  [{ recycleAfter: 10, batch: 5 }, 14],
] as const) {
  check(`recycleAfter replaces the worker (batch ${options.batch})`, async environment => {
    const stage = parallel(environment.work, { name: 'countSeen', threads: 2, ...options })
    const out = (await through(numbers(200), stage)) as number[]
    equal(out.length, 200, 'items')
    ok(Math.max(...out) <= most, `a worker saw ${Math.max(...out)} items`)
    ok(Math.max(...out) > 1, 'workers are kept until then')
    const { workers } = stage.stats()
    ok(
      workers.every(worker => worker.crashes === 0 && worker.starts > 5),
      JSON.stringify(workers),
    )
  })
}

check("isolate: 'item' gives each item a fresh module", async environment => {
  const stage = parallel(environment.work, { name: 'countSeen', threads: 2, isolate: 'item' })
  const out = await through(numbers(20), stage)
  sameOrder(
    out,
    numbers(20).map(() => 1),
    'what each saw',
  )
})

check(
  "isolate: 'item' with items that end their worker",
  async environment => {
    const stage = parallel(environment.work, {
      name: 'mortal',
      threads: 2,
      isolate: 'item',
      onError: 'skip',
    })
    const items = numbers(20).map(n => (n % 4 === 1 ? { n, die: 1 } : { n }))
    sameOrder(
      await through(items, stage),
      numbers(20).filter(n => n % 4 !== 1),
      'output',
    )
  },
  { needs: ['exit'] },
)

check(
  'setup and teardown run once in each worker, and data is shared',
  async environment => {
    const counters = cells()
    const stage = parallel(environment.work, { name: 'addTo', threads: 2, batch: 10, data: { counters } })
    await through(
      numbers(500).map(() => 3),
      stage,
    )
    equal([...counters], [2, 2, 0, 500], 'starts, ends, nothing, items')
  },
  { needs: ['shared-memory'], rounds: 3 },
)

check(
  'teardown runs also after a break, an error and an abort',
  async (environment, round) => {
    const counters = cells()
    const controller = new AbortController()
    const stage = parallel(environment.work, {
      name: 'fickle',
      threads: 2,
      batch: 1,
      data: { counters },
      signal: controller.signal,
      ...(round !== 2 && { onError: 'skip' as const }),
    })
    let came = 0
    try {
      for await (const _ of from(numbers(500)).pipeThrough(stage)) {
        if (++came === 3 && round === 1) break
        if (came === 3 && round === 3) controller.abort()
      }
    } catch {}
    const end = performance.now() + 5_000
    const over = (): boolean => stage.stats().workers.every(worker => worker.state === 'cold')
    while (!over() && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 2))
    const [starts, ends] = counters
    ok(over() && starts === ends, `${starts} starts, ${ends} ends`)
  },
  { needs: ['shared-memory'], rounds: 3 },
)

check(
  'setup and teardown of processes',
  async environment => {
    const marks = environment.scratch?.()
    if (!marks) throw new Error('there is no place for a file')
    try {
      const stage = parallel(environment.work, {
        name: 'double',
        runtime: 'processes',
        threads: 2,
        batch: 10,
        data: { marks: marks.path },
      })
      await through(numbers(100), stage)
      const lines = marks.read().trim().split('\n').sort()
      const { length } = stage.stats().workers
      equal(
        lines,
        [...numbers(length).map(() => 'setup'), ...numbers(length).map(() => 'teardown')],
        'what the workers wrote',
      )
    } finally {
      marks.remove()
    }
  },
  { needs: ['processes'] },
)

check('a setup that throws fails the stage with its error', async environment => {
  const stage = parallel(environment.work, { name: 'double', threads: 2, data: { failSetup: true } })
  const error = await rejection(through(numbers(100), stage), 'the stage')
  ok(error instanceof RangeError && error.message === 'the setup failed', `it failed with ${error}`)
})

check('data is cloned once for each worker', async environment => {
  const data = { list: [1, 2, { three: 3 }], when: new Date(0), map: new Map([['a', 1]]) }
  const stage = parallel(environment.work, { name: 'giveData', threads: 1, data })
  const [got] = (await through([0], stage)) as [typeof data]
  equal([got.list, got.when.getTime(), got.map.get('a')], [data.list, 0, 1], 'what came back')
})

check('the pool grows while there is too much to do', async environment => {
  const stage = parallel(environment.work, { name: 'busy', threads: { min: 1, max: 3 } })
  await through(
    numbers(600).map(() => 1),
    stage,
  )
  const { workers } = stage.stats()
  ok(workers.length > 1, `${workers.length} workers were used`)
})

check('the pool does not grow where there is little to do', async environment => {
  const pool = createPool(environment.work, { threads: { min: 1, max: 3 } })
  // Items would pile up while the first worker starts.
  await through([0], parallel(pool, { name: 'double' }))
  const stage = parallel(pool, { name: 'double' })
  async function* slow() {
    for (let n = 0; n < 20; n++) {
      yield n
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  }
  let came = 0
  for await (const _ of from(slow()).pipeThrough(stage)) came++
  equal([came, pool.stats().length], [20, 1], 'items and workers')
  await pool.close()
})

for (const runtime of ['threads', 'processes'] as const) {
  check(
    `work left running in a worker goes on beside the items (${runtime})`,
    async environment => {
      const stage = parallel(environment.work, {
        name: 'tick',
        threads: 1,
        ...(runtime === 'processes' && { runtime }),
      })
      const start = performance.now()
      const ticks = (await through(numbers(6000), stage)) as number[]
      const took = performance.now() - start
      const last = ticks.at(-1) as number
      // Once in 8 ms of work at the least, as the host promises.
      ok(last > took / 40, `${last} ticks in ${Math.round(took)} ms`)
    },
    { needs: runtime === 'threads' ? [] : ['processes'] },
  )
}

check('work left running in a worker goes on between the items', async environment => {
  const pool = createPool(environment.work, { threads: 1 })
  const stage = parallel(pool, { name: 'tick', batch: 1 })
  const ticks: number[] = []
  async function* rare() {
    for (let n = 0; n < 3; n++) {
      yield n
      // Else, where a worker takes long to begin, it gets all three at once.
      while (ticks.length <= n) await new Promise(resolve => setTimeout(resolve, 1))
      // The time in which the worker has no item is what is looked at: its own timers have to go on in it.
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  for await (const ticked of from(rare()).pipeThrough(stage)) ticks.push(ticked)
  const [first = 0, , third = 0] = ticks
  ok(third - first > 20, `it ticked ${third - first} times in 200 ms`)
  await pool.close()
})
