import { equal, ok, rejection, sameOrder } from './assert.ts'
import { check } from './check.ts'
import type { Environment } from './environment.ts'
import { parallel } from './stages.ts'
import { numbers, through } from './watched.ts'

const COUNT = 10_000
/**
 * Where more runs than there are cores, a worker may well stand still for 50 ms, with whatever it has at work. On Linux
 * that does not count, save on Deno, where nobody looks.
 */
const stalls = ({ runtime, platform }: Environment): number =>
  platform === 'linux' && runtime !== 'deno' ? 0 : 9

interface Late {
  name: string
  code: string
  index: number
  timeout: number
}

for (const runtime of ['threads', 'processes'] as const) {
  check(
    `endless loops with a timeout, in ${runtime}: those fail, all others of 10,000 come, in order`,
    async environment => {
      const poison = (n: number): boolean => n % 997 === 500
      const late: Late[] = []
      const stage = parallel(environment.work, {
        name: 'endless',
        threads: 2,
        ...(runtime === 'processes' && { runtime }),
        timeout: 50,
        onError: (error: Late, item: { n: number }) => {
          equal(error.index, item.n, 'the index on the error')
          late.push(error)
          return -1
        },
      })
      const items = numbers(COUNT).map(n => ({ n, spin: poison(n) }))
      const out = await through(items, stage)
      equal(
        late.map(({ name, code, timeout }) => [name, code, timeout]),
        late.map(() => ['TaskTimeoutError', 'ERR_TASK_TIMEOUT', 50]),
        'the errors',
      )
      const failed = new Set(late.map(error => error.index))
      equal(failed.size, late.length, 'each of them failed once')
      ok(
        numbers(COUNT).every(n => failed.has(n) || !poison(n)),
        'all endless loops failed',
      )
      ok(failed.size <= 10 + stalls(environment), `${failed.size} items failed`)
      sameOrder(
        out,
        numbers(COUNT).map(n => (failed.has(n) ? -1 : n)),
        'output',
      )
    },
    { needs: runtime === 'threads' ? ['terminate'] : ['processes'], rounds: 2, limit: 40_000 },
  )
}

for (const name of ['unsettled', 'obedient']) {
  check(
    `promises that never settle (${name}), with a timeout: those fail, all others of 10,000 come`,
    async environment => {
      const failed = new Set<number>()
      const never = (n: number): boolean => n % 997 === 500
      const items = numbers(COUNT).map(n => ({ n, never: never(n) }))
      const stage = parallel(environment.work, {
        name,
        threads: 2,
        concurrencyPerWorker: 4,
        timeout: 50,
        grace: 100,
        onError: (error: Late) => {
          equal(error.code, 'ERR_TASK_TIMEOUT', 'the code')
          failed.add(error.index)
          return -1
        },
      })
      const out = await through(items, stage)
      ok(
        items.every(({ n, never }) => failed.has(n) || !never),
        'all that never settle failed',
      )
      ok(failed.size <= 10 + stalls(environment), `${failed.size} items failed`)
      sameOrder(
        out,
        items.map(({ n }) => (failed.has(n) ? -1 : n)),
        'output',
      )
    },
    { rounds: 2 },
  )
}

check(
  'a timeout fails the stage, and its workers are gone',
  async environment => {
    const stage = parallel(environment.work, { name: 'endless', threads: 2, timeout: 50, batch: 10 })
    const items = numbers(100).map(n => ({ n, spin: n === 40 }))
    const start = performance.now()
    const error = await rejection(through(items, stage), 'the stage')
    equal([error.name, error.stage, error.index], ['TaskTimeoutError', 'endless', 40], 'the error')
    ok(performance.now() - start < 15_000, 'it took long')
  },
  { needs: ['terminate'] },
)

check('an item that is slow but within its time is left alone', async environment => {
  const stage = parallel(environment.work, { name: 'busy', threads: 2, timeout: 2_000, batch: 4 })
  const items = numbers(30).map(n => (n % 10 === 0 ? 60 : 1))
  sameOrder(await through(items, stage), items, 'output')
  const { workers } = stage.stats()
  ok(
    workers.every(worker => worker.crashes === 0),
    JSON.stringify(workers),
  )
})
