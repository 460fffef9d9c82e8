/**
 * Question: do ten million items through five stages into a slow sink leave the heap flat and the inboxes within
 * their capacities? Unit: MB of heap after a collection, at every million items. Run with `node --expose-gc`.
 */
import { block, buffer, filter, map, range, sink } from 'sluice'

const ITEMS = 10_000_000
const collect = (globalThis as { gc?: () => void }).gc
if (!collect) throw new Error('run with --expose-gc')

const stages = [
  map((n: number) => n + 1, { name: 'add', strategy: block(64) }),
  filter((n: number) => n > 0, { name: 'positive', strategy: block(32) }),
  map((n: number) => ({ n }), { name: 'wrap' }),
  buffer<{ n: number }>(block(128), { name: 'buffer' }),
  map((o: { n: number }) => o.n, { name: 'unwrap', strategy: block(16) }),
] as const

let seen = 0
let fullest = 0
const heap: number[] = []

/** Looks from the sink while items flow; slow now and then, so that everything before it fills up. */
function take(): Promise<void> | undefined {
  seen++
  if (seen % 997 === 0) {
    for (const stage of stages) {
      const { name, queued, capacity, utilization } = stage.stats()
      if (queued > capacity) throw new Error(`${name} holds ${queued} of ${capacity}`)
      fullest = Math.max(fullest, utilization)
    }
  }
  if (seen % 1_000_000 === 0) {
    collect?.()
    heap.push(process.memoryUsage().heapUsed / 1e6)
  }
  return seen % 50 === 0 ? new Promise(resolve => setImmediate(resolve)) : undefined
}

const [add, positive, wrap, queue, unwrap] = stages
await range(0, ITEMS)
  .pipeThrough(add)
  .pipeThrough(positive)
  .pipeThrough(wrap)
  .pipeThrough(queue)
  .pipeThrough(unwrap)
  .pipeTo(sink(() => take()))

if (seen !== ITEMS) throw new Error(`${ITEMS - seen} items are missing`)
console.log(`${process.version}: ${seen} items, fullest inbox ${Math.round(fullest * 100)} %`)
console.log(`heap after each million, MB: ${heap.map(mb => mb.toFixed(1)).join(' ')}`)
const growth = (heap.at(-1) as number) - (heap[0] as number)
console.log(`growth from the first to the last: ${growth.toFixed(2)} MB`)
if (growth > 2) throw new Error('the heap grows')
