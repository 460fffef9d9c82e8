import { from } from 'sluice'
import { equal, ok, rejection } from './assert.ts'
import { check } from './check.ts'
import { parallel } from './stages.ts'
import { conserved, numbers, random } from './watched.ts'

const work = ['double', 'slowly', 'busy', 'endless'] as const

/** Items for each of the functions; some of them never return. */
function itemsOf(name: (typeof work)[number], dice: () => number): unknown[] {
  return numbers(10_000).map(n => {
    if (name === 'slowly') return { n, wait: dice() * 4 }
    if (name === 'busy') return dice() * 0.5
    if (name === 'endless') return { n, spin: n === 4000 }
    return n
  })
}

check(
  'abort by signal at a random moment: the reason comes out, the account adds up',
  async (environment, round) => {
    const dice = random(round)
    const name = work[round % work.length] as (typeof work)[number]
    const controller = new AbortController()
    const reason = { round }
    const stage = parallel(environment.work, {
      name,
      threads: 2,
      grace: 50,
      concurrencyPerWorker: 1 + (round % 3),
      signal: controller.signal,
    })
    const timer = setTimeout(() => controller.abort(reason), dice() * 120)
    let came = 0
    const run = async (): Promise<void> => {
      for await (const _ of from(itemsOf(name, dice)).pipeThrough(stage)) came++
    }
    let thrown: unknown
    try {
      await run()
    } catch (error) {
      thrown = error
    }
    clearTimeout(timer)
    const stats = stage.stats()
    ok(
      thrown === reason || (thrown === undefined && came === 10_000),
      `it ended with ${String(thrown)} after ${came} items`,
    )
    conserved(stats)
    equal(stats.inFlight, 0, 'inside afterwards')
    ok(stats.emitted >= came, `${came} came of ${stats.emitted}`)
  },
  { rounds: 12, needs: ['terminate'] },
)

check(
  'a reader that goes away at a random moment: nothing is left, the account adds up',
  async (environment, round) => {
    const dice = random(round + 500)
    const name = work[round % work.length] as (typeof work)[number]
    const stage = parallel(environment.work, { name, threads: 2, grace: 50 })
    // Results that are in one batch with the endless loop never come.
    const stop = Math.floor(dice() * (name === 'endless' ? 1500 : 700))
    let closed = false
    async function* source() {
      try {
        yield* itemsOf(name, dice)
      } finally {
        closed = true
      }
    }
    let came = 0
    for await (const _ of from(source()).pipeThrough(stage)) if (came++ === stop) break
    conserved(stage.stats())
    equal([stage.stats().inFlight, closed], [0, true], 'inside afterwards; the source closed')
    ok(
      stage.stats().workers.every(worker => worker.state === 'cold'),
      `break waits for the workers: ${JSON.stringify(stage.stats().workers)}`,
    )
  },
  { rounds: 12, needs: ['terminate'] },
)

check('a signal that has fired already', async environment => {
  const stage = parallel(environment.work, { name: 'double', threads: 2, signal: AbortSignal.abort('early') })
  const run = async (): Promise<void> => {
    for await (const _ of from(numbers(10)).pipeThrough(stage)) throw new Error('an item came')
  }
  equal(await rejection(run(), 'the stage'), 'early', 'the reason')
})

check(
  "an abort fires the items' own signals",
  async environment => {
    const counters = new Int32Array(new SharedArrayBuffer(16))
    const controller = new AbortController()
    const stage = parallel(environment.work, {
      name: 'waitForSignal',
      threads: 2,
      batch: 4,
      concurrencyPerWorker: 4,
      grace: 5_000,
      data: { counters },
      signal: controller.signal,
    })
    const run = async (): Promise<void> => {
      for await (const _ of from(numbers(1000)).pipeThrough(stage)) throw new Error('an item came')
    }
    const running = rejection(run(), 'the stage')
    await until(() => Atomics.load(counters, 2) === 8, 'eight items are at work')
    controller.abort('enough')
    equal(await running, 'enough', 'the reason')
    await until(() => Atomics.load(counters, 3) === 8, 'eight signals have fired')
    await until(
      () => stage.stats().workers.every(worker => worker.state === 'cold'),
      'the workers have ended in peace',
    )
    equal(Atomics.load(counters, 2), 8, 'items that were started')
    equal(Atomics.load(counters, 1), 2, 'teardowns: nobody had to be ended')
  },
  { needs: ['shared-memory'] },
)

/** What other threads do cannot be awaited. */
async function until(condition: () => boolean, text: string): Promise<void> {
  const end = performance.now() + 10_000
  while (!condition()) {
    ok(performance.now() < end, `never happened: ${text}`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}
