import { fileURLToPath } from 'node:url'
import { workFile } from './work-file.ts'
import { inFlight, type OpenPool, WORKERS } from './work-pool.ts'

export const open: OpenPool = async () => {
  const { Piscina } = await import('piscina')
  const filename = fileURLToPath(workFile('work.js'))
  const pool = new Piscina({ filename, minThreads: WORKERS, maxThreads: WORKERS })
  return {
    sum: ({ task: name, item, value }, count) =>
      inFlight(64, count, async n => value(await pool.run(item(n), { name }))),
    one: (name, item) => pool.run(item, { name }),
    close: () => pool.destroy(),
  }
}
