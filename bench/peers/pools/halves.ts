import { fileURLToPath } from 'node:url'
import { Tinypool } from 'tinypool'
import { workFile } from './work-file.ts'
import { WORKERS, type WorkPool } from './work-pool.ts'

/** An array for each worker, and nothing else: what there is to gain at all. */
export function halves(): Pick<WorkPool, 'sum' | 'close'> {
  const filename = fileURLToPath(workFile('work-tinypool.js'))
  const pool = new Tinypool({ filename, minThreads: WORKERS, maxThreads: WORKERS })
  return {
    async sum({ task, item, value }, count) {
      const half = Math.ceil(count / WORKERS)
      const results = await Promise.all(
        Array.from({ length: WORKERS }, (_, worker) => {
          const length = Math.min(half, count - worker * half)
          return pool.run(
            Array.from({ length }, (_, n) => item(worker * half + n)),
            { name: `${task}All` },
          )
        }),
      )
      return results.flat().reduce((sum: number, result) => (sum + value(result)) | 0, 0)
    },
    close: () => pool.destroy(),
  }
}
