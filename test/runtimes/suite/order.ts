import { block } from 'sluice'
import { ok, sameOrder, sameSet } from './assert.ts'
import { check } from './check.ts'
import type { Environment } from './environment.ts'
import { parallel } from './stages.ts'
import { conserved, numbers, random, through } from './watched.ts'

interface Vary {
  n: number
  burn: number
  wait: number | undefined
  fail: boolean
}

/** A random stage and random items for it. */
function scene(environment: Environment, seed: number) {
  const dice = random(seed)
  const pick = <T>(...of: readonly T[]): T => of[Math.floor(dice() * of.length)] as T
  const style = pick('sync', 'async', 'mixed')
  const slow = pick(0, 0.01, 0.1)
  const failing = pick(0, 0, 0.05)
  const items = numbers(pick(0, 1, 7, 300, 1500)).map((n): Vary => {
    const later = style === 'async' || (style === 'mixed' && dice() < 0.5)
    return {
      n,
      burn: dice() < slow ? dice() * 3 : 0,
      wait: later ? (dice() < slow ? dice() * 5 : 0) : undefined,
      fail: dice() < failing,
    }
  })
  const options = {
    name: 'vary',
    threads: pick<number | { min: number; max: number }>(1, 2, 3, { min: 1, max: 3 }),
    batch: pick<'auto' | number>('auto', 'auto', 1, 2, 13, 500),
    concurrencyPerWorker: pick(1, 1, 4, 50),
    onError: 'skip' as const,
    ...pick({}, {}, { strategy: block(pick(1, 8, 1000)) }),
  }
  const told = JSON.stringify({ seed, style, slow, failing, items: items.length, ...options })
  return { environment, items, options, told }
}

check(
  'ordered output is the input order, and the window holds, whatever the lengths, batches, threads and errors',
  async (environment, round) => {
    const { items, options, told } = scene(environment, round)
    const stage = parallel(environment.work, options)
    const out = await through(items, stage)
    sameOrder(
      out,
      items.filter(item => !item.fail).map(item => item.n),
      told,
    )
    const { failed, done } = stage.stats()
    ok(failed === items.filter(item => item.fail).length && done === out.length, `account of ${told}`)
  },
  { rounds: 24 },
)

check(
  'unordered output is the same items, each once',
  async (environment, round) => {
    const { items, options, told } = scene(environment, 1000 + round)
    const stage = parallel(environment.work, { ...options, ordered: false })
    sameSet(
      await through(items, stage),
      items.filter(item => !item.fail).map(item => item.n),
      told,
    )
  },
  { rounds: 12 },
)

check('unordered lets quick items pass a slow one', async environment => {
  const stage = parallel(environment.work, { name: 'slowly', threads: 2, batch: 1, ordered: false })
  const out = await through(
    numbers(6).map(n => ({ n, wait: n === 0 ? 300 : 1 })),
    stage,
  )
  // One that was given to the same worker comes behind it.
  ok(out.indexOf(0) >= 4, `the slow item came at ${out.indexOf(0)}`)
})

check('a stage that fails gives what came before, in order, and its account adds up', async environment => {
  const stage = parallel(environment.work, { name: 'vary', threads: 2, batch: 5 })
  const out: number[] = []
  let message = ''
  try {
    const items = numbers(1000).map(n => ({ n, burn: n % 97 === 0 ? 2 : 0, fail: n === 613 }))
    const flow = new ReadableStream({
      start(controller) {
        for (const item of items) controller.enqueue(item)
        controller.close()
      },
    }).pipeThrough(stage)
    const reader = flow.getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) out.push(next.value)
  } catch (error) {
    message = (error as Error).message
  }
  ok(message === 'no 613', `it failed with ${JSON.stringify(message)}`)
  sameOrder(out, numbers(out.length), 'what came before')
  ok(out.length <= 613, `${out.length} items came`)
  conserved(stage.stats())
})

check('figures of the workers add up', async environment => {
  const stage = parallel(environment.work, { name: 'double', threads: 2 })
  const out = await through(numbers(5000), stage)
  sameOrder(
    out,
    numbers(5000).map(n => n * 2),
    'doubled',
  )
  const { workers } = stage.stats()
  const items = workers.reduce((sum, worker) => sum + worker.items, 0)
  ok(items === 5000, `the workers say ${items}`)
  ok(
    workers.every(worker => worker.state === 'cold' && worker.inFlight === 0 && worker.crashes === 0),
    JSON.stringify(workers),
  )
})

check('a slow reader is never overrun', async environment => {
  const stage = parallel(environment.work, { name: 'double', threads: 2, batch: 4 })
  let given = 0
  const source = new ReadableStream(
    {
      pull(controller) {
        if (given === 300) controller.close()
        else controller.enqueue(given++)
      },
    },
    { highWaterMark: 0 },
  )
  const reader = source.pipeThrough(stage).getReader()
  for (let taken = 0; taken < 300; taken++) {
    const { value } = await reader.read()
    ok(value === taken * 2, `position ${taken} has ${value}`)
    const { window } = stage.stats()
    // One in hand at the stage's entry, one at its exit.
    ok(given - taken <= window + 2, `${given - taken} given, the window is ${window}`)
    if (taken % 10 === 0) await new Promise(resolve => setTimeout(resolve, 1))
  }
  ok((await reader.read()).done, 'the end')
})
