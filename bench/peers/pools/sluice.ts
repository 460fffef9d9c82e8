import { workFile } from './work-file.ts'
import { type OpenPool, WORKERS, type Work } from './work-pool.ts'

export const open: OpenPool = async () => {
  const { block, channel, map, range, reduce, sink } = await import('sluice')
  const { createPool, parallel } = await import('sluice/parallel')
  const pool = createPool(workFile('work.js'), { threads: WORKERS })
  const ports = new Map<string, (item: unknown) => Promise<unknown>>()

  /** A stage between a channel and a sink, for items that come one at a time. */
  function port(task: Work['task']): (item: unknown) => Promise<unknown> {
    const { readable, trySend } = channel<unknown>(block(1))
    let receive: (result: unknown) => void
    // It ends, as an error, with the pool.
    readable
      .pipeThrough(parallel(pool, { name: task }))
      .pipeTo(sink(result => receive(result)))
      .catch(() => {})
    return item =>
      new Promise(resolve => {
        receive = resolve
        trySend(item)
      })
  }

  return {
    sum: ({ task, item, value, moved }, count) =>
      reduce(
        range(0, count)
          .pipeThrough(map(item))
          .pipeThrough(parallel(pool, { name: task, ...(moved && { transfer: moved }) })),
        (sum: number, result: unknown) => (sum + value(result)) | 0,
        0,
      ),
    one(task, item) {
      const send = ports.get(task) ?? port(task)
      ports.set(task, send)
      return send(item)
    },
    close: () => pool.close(),
  }
}
