import { count, from, range } from 'sluice'
import { parallel } from 'sluice/parallel'
import type { Check } from './check.ts'
import { equal } from './check.ts'
import { longestGap } from './longest-gap.ts'
import { type Work, work } from './work.ts'

const ITEMS = 200_000

/** For information: how fast, and what the page's own thread notices of it. */
export const speedChecks: Record<string, Check> = {
  async [`no-op items: ${ITEMS.toLocaleString('en')} through 2 workers`]() {
    const stage = parallel<Work, 'double'>(work, { name: 'double', threads: 2 })
    let ms = 0
    const gap = await longestGap(async () => {
      const start = performance.now()
      equal(await count(range(0, ITEMS).pipeThrough(stage)), ITEMS, 'items')
      ms = performance.now() - start
    })
    return `${Math.round(ITEMS / ms)}k items/s; the page's longest gap: ${gap.toFixed(0)} ms`
  },

  async 'no-op items with a timeout: 50,000'() {
    const stage = parallel<Work, 'double'>(work, { name: 'double', threads: 2, timeout: 1_000 })
    const start = performance.now()
    equal(await count(range(0, 50_000).pipeThrough(stage)), 50_000, 'items')
    return `${Math.round(50_000 / (performance.now() - start))}k items/s`
  },

  async 'items of 5 ms: speed-up over one thread, and gaps'() {
    const stage = parallel<Work, 'spin'>(work, { name: 'spin', threads: 2 })
    let ms = 0
    const items = new Array<number>(300).fill(5)
    const gap = await longestGap(async () => {
      const start = performance.now()
      equal(await count(from(items).pipeThrough(stage)), 300, 'items')
      ms = performance.now() - start
    })
    const busy = stage.stats().workers.map(worker => Math.round(worker.busy))
    return `${(1_500 / ms).toFixed(2)} × (workers busy for ${busy.join(' and ')} of ${Math.round(ms)} ms) on ${navigator.hardwareConcurrency} cores; longest gap ${gap.toFixed(0)} ms`
  },
}
