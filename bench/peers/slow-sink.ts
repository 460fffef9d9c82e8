import { block, buffer, filter, map, range, sink } from 'sluice'

/** Five stages, four of them with an inbox, into a sink that waits at every fiftieth item, so that all fills up. */
export async function runSlowSink(millions: number, afterEach: () => void): Promise<void> {
  const add = map((n: number) => n + 1, { name: 'add', strategy: block(64) })
  const positive = filter((n: number) => n > 0, { name: 'positive', strategy: block(32) })
  const wrap = map((n: number) => ({ n }), { name: 'wrap' })
  const queue = buffer<{ n: number }>(block(128), { name: 'buffer' })
  const unwrap = map((o: { n: number }) => o.n, { name: 'unwrap', strategy: block(16) })
  const stages = [add, positive, wrap, queue, unwrap]
  let seen = 0

  function take(): Promise<void> | undefined {
    seen++
    if (seen % 997 === 0) {
      for (const stage of stages) {
        const { name, queued, capacity } = stage.stats()
        if (queued > capacity) throw new Error(`${name} holds ${queued} of ${capacity}`)
      }
    }
    if (seen % 1_000_000 === 0) afterEach()
    return seen % 50 === 0 ? new Promise(resolve => setImmediate(resolve)) : undefined
  }

  await range(0, millions * 1_000_000)
    .pipeThrough(add)
    .pipeThrough(positive)
    .pipeThrough(wrap)
    .pipeThrough(queue)
    .pipeThrough(unwrap)
    .pipeTo(sink(() => take()))
  if (seen !== millions * 1_000_000) throw new Error(`${millions * 1_000_000 - seen} items are missing`)
}
