import { from, toArray } from 'sluice'
import { equal, ok, rejection, sameOrder } from './assert.ts'
import { check } from './check.ts'
import { createPool, parallel } from './stages.ts'
import { numbers, through } from './watched.ts'

check(
  'two stages share a pool, one behind the other',
  async environment => {
    const pool = createPool(environment.work, { threads: 2 })
    const first = parallel(pool, { name: 'double' })
    const second = parallel(pool, { name: 'fickle', onError: 'skip' })
    const out = await toArray(from(numbers(10_000)).pipeThrough(first).pipeThrough(second))
    sameOrder(
      out,
      numbers(10_000)
        .map(n => n * 2)
        .filter(n => n % 7 !== 3),
      'output',
    )
    equal(pool.stats().length, 2, 'workers')
    const items = pool.stats().reduce((sum, worker) => sum + worker.items, 0)
    equal(items, 20_000, 'items of the workers')
    await pool.close()
    ok(
      pool.stats().every(worker => worker.state === 'cold'),
      'the workers have ended',
    )
  },
  { rounds: 3 },
)

check('two pipelines share a pool, and one that ends early leaves the other alone', async environment => {
  const pool = createPool(environment.work, { threads: 2, grace: 50 })
  const quick = parallel(pool, { name: 'double' })
  const slow = parallel(pool, { name: 'slowly', batch: 3 })
  const cut = async (): Promise<void> => {
    let came = 0
    const items = numbers(1000).map(n => ({ n, wait: 2 }))
    for await (const _ of from(items).pipeThrough(slow)) if (++came === 5) break
  }
  const [out] = await Promise.all([through(numbers(10_000), quick), cut()])
  sameOrder(
    out,
    numbers(10_000).map(n => n * 2),
    'output',
  )
  await pool.close()
})

check(
  'one stage whose items end the workers of both',
  async environment => {
    const pool = createPool(environment.work, { threads: 2 })
    const mortal = parallel(pool, { name: 'mortal', onError: 'skip' })
    const healthy = parallel(pool, { name: 'double' })
    const items = numbers(1000).map(n => (n % 100 === 50 ? { n, die: 1 } : { n }))
    const [some, all] = await Promise.all([through(items, mortal), through(numbers(10_000), healthy)])
    sameOrder(
      some,
      numbers(1000).filter(n => n % 100 !== 50),
      'those that die',
    )
    sameOrder(
      all,
      numbers(10_000).map(n => n * 2),
      'the others',
    )
    await pool.close()
  },
  { needs: ['exit'], rounds: 3, limit: 30_000 },
)

check('a stage of a closed pool fails, and says so', async environment => {
  const pool = createPool(environment.work, { threads: 1 })
  await through(numbers(10), parallel(pool, { name: 'double' }))
  await pool.close()
  await pool.close()
  const error = await rejection(through(numbers(10), parallel(pool, { name: 'double' })), 'the stage')
  ok(error instanceof TypeError && /the pool is closed/.test(error.message), String(error))
})

check(
  'a pool that is closed while a stage uses it: what is inside comes, then the stage fails',
  async environment => {
    const pool = createPool(environment.work, { threads: 2 })
    const stage = parallel(pool, { name: 'slowly', batch: 2 })
    const items = numbers(1000).map(n => ({ n, wait: 1 }))
    let closing: Promise<void> | undefined
    let came = 0
    const run = async (): Promise<void> => {
      for await (const _ of from(items).pipeThrough(stage)) if (++came === 10) closing = pool.close()
    }
    const error = await rejection(run(), 'the stage')
    ok(/the pool is closed/.test(error.message), String(error))
    await closing
    const { received, done, discarded } = stage.stats()
    equal([done, discarded, received < 1000], [received, 0, true], 'done, discarded, and whether it stopped')
    equal(came, done, 'what came')
    ok(
      pool.stats().every(worker => worker.state === 'cold'),
      'the workers have ended',
    )
  },
)

check('a pool closes though a stage waits for items that never come', async environment => {
  const pool = createPool(environment.work, { threads: 1 })
  const stage = parallel(pool, { name: 'double' })
  const writer = stage.writable.getWriter()
  const reader = stage.readable.getReader()
  const first = reader.read()
  await writer.write(1)
  equal((await first).value, 2, 'the first result')
  const next = reader.read()
  const closed = writer.closed.catch(() => {})
  const failing = rejection(next, 'the read')
  await pool.close()
  const error = await failing
  ok(/the pool is closed/.test(error.message), String(error))
  await closed
})

check('a pool that nobody used closes', async environment => {
  await createPool(environment.work, { threads: 2 }).close()
})

check('pool options on a stage that shares a pool are refused', async environment => {
  const pool = createPool(environment.work, { threads: 1 })
  let message = ''
  try {
    parallel(pool, { name: 'double', threads: 2 } as object)
  } catch (error) {
    message = (error as Error).message
  }
  ok(/threads is an option of createPool/.test(message), message)
  await pool.close()
})

check('the context says which item, attempt and worker it is', async environment => {
  const stage = parallel(environment.work, { name: 'whoAmI', threads: 2, batch: 3 })
  const out = (await through(numbers(100), stage)) as {
    n: number
    index: number
    attempt: number
    worker: number
  }[]
  ok(
    out.every(
      ({ n, index, attempt, worker }) => n === index && attempt === 1 && (worker === 0 || worker === 1),
    ),
    JSON.stringify(out.slice(0, 5)),
  )
})

check('without a name, the default export is called', async environment => {
  sameOrder(await through(numbers(10), parallel(environment.work, { threads: 1 })), numbers(10), 'output')
})
