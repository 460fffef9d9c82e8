import { fileURLToPath } from 'node:url'
import { workFile } from './work-file.ts'
import { inFlight, type OpenPool, WORKERS } from './work-pool.ts'

export const open: OpenPool = async () => {
  const { pool: createPool } = await import('workerpool')
  const script = fileURLToPath(workFile('work-workerpool.js'))
  const pool = createPool(script, { minWorkers: WORKERS, maxWorkers: WORKERS, workerType: 'thread' })
  return {
    sum: ({ task, item, value }, count) =>
      inFlight(64, count, async n => value(await pool.exec(task, [item(n)]))),
    one: (task, item) => pool.exec(task, [item]) as unknown as Promise<unknown>,
    close: () => pool.terminate() as unknown as Promise<unknown>,
  }
}
