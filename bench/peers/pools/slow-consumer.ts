import { range, sink } from 'sluice'
import { createPool, parallel } from 'sluice/parallel'
import { collectGarbage } from '../../harness/collect-garbage.ts'
import { workFile } from './work-file.ts'
import { WORKERS } from './work-pool.ts'

interface Weight {
  readonly worker: number
  readonly heap: number
}

/** Bytes of memory in use, over time. */
export interface Weights {
  readonly rss: number[]
  /** Of this thread, each after a collection. */
  readonly heap: number[]
  readonly workers: number[][]
}

const LOOKS = 100
/** Results that the consumer takes before it waits. */
const BURST = 256

/** Two workers that could do four times as much, and a consumer that waits a millisecond after every few results. */
export async function runSlowConsumer(items: number): Promise<Weights> {
  const weights: Weights = { rss: [], heap: [], workers: Array.from({ length: WORKERS }, () => []) }
  const pool = createPool(workFile('work.js'), { threads: WORKERS })
  let seen = 0
  await range(0, items)
    .pipeThrough(parallel(pool, { name: 'weigh' }))
    .pipeTo(
      sink((result: 0 | Weight) => {
        seen++
        if (result !== 0) weights.workers[result.worker]?.push(result.heap)
        if (seen % (items / LOOKS) === 0) {
          weights.rss.push(process.memoryUsage().rss)
          collectGarbage()
          weights.heap.push(process.memoryUsage().heapUsed)
        }
        return seen % BURST === 0 ? new Promise(resolve => setTimeout(resolve, 1)) : undefined
      }),
    )
  await pool.close()
  if (seen !== items) throw new Error(`${items - seen} items are missing`)
  return weights
}
