import { equal, ok } from './assert.ts'
import { check } from './check.ts'
import { parallel } from './stages.ts'
import { numbers, random, through } from './watched.ts'

interface Turn {
  n: number
  key: string
  at: number
  alone: boolean
  worker: number
}

for (const concurrencyPerWorker of [1, 8]) {
  check(
    `items of a key go to one worker, one after the other, in order (concurrencyPerWorker ${concurrencyPerWorker})`,
    async (environment, round) => {
      const dice = random(round * 31 + concurrencyPerWorker)
      const batch = ([1, 7, 'auto'] as const)[round % 3] ?? 'auto'
      const items = numbers(1200).map(n => ({
        n,
        key: `k${Math.floor(dice() ** 2 * 20)}`,
        wait: dice() < 0.1 ? dice() * 4 : undefined,
      }))
      const ordered = round % 2 === 0
      const stage = parallel(environment.work, {
        name: 'turn',
        threads: 2 + (round % 2),
        batch,
        ordered,
        concurrencyPerWorker,
        key: (item: (typeof items)[number]) => item.key,
      })
      const out = (await through(items, stage)) as Turn[]
      equal(out.length, items.length, 'items')
      const workerOf = new Map<string, number>()
      const lastOf = new Map<string, { n: number; at: number }>()
      // By the turn that the worker saw, which says when it was at work.
      for (const { n, key, at, alone, worker } of [...out].sort((a, b) => a.at - b.at)) {
        ok(alone, `${key}: another item was at work beside ${n}`)
        ok((workerOf.get(key) ?? worker) === worker, `${key} came to two workers`)
        workerOf.set(key, worker)
        const last = lastOf.get(key)
        ok((last?.n ?? -1) < n, `${key}: ${n} was at work after ${last?.n}`)
        equal(at, (last?.at ?? -1) + 1, `${key}: the worker's own count at item ${n}`)
        lastOf.set(key, { n, at })
      }
      ok(new Set(workerOf.values()).size > 1, 'all keys went to one worker')
    },
    { rounds: 4 },
  )
}

check('a key whose item waits does not hold up the others', async environment => {
  const stage = parallel(environment.work, {
    name: 'turn',
    threads: 1,
    batch: 50,
    ordered: false,
    concurrencyPerWorker: 2,
    key: (item: { key: string }) => item.key,
  })
  const items = [
    { n: 0, key: 'slow', wait: 300 },
    { n: 1, key: 'slow' },
    ...numbers(20).map(n => ({ n: n + 2, key: `k${n}` })),
  ]
  const out = (await through(items, stage)) as Turn[]
  equal(
    out.slice(-2).map(turn => turn.n),
    [0, 1],
    'the slow ones come last',
  )
})
