import { fileURLToPath } from 'node:url'
import { workFile } from './work-file.ts'
import { inFlight, type OpenPool, WORKERS, type Work, type WorkPool } from './work-pool.ts'

const make = async (options: object = {}) => {
  const { Tinypool } = await import('tinypool')
  const filename = fileURLToPath(workFile('work-tinypool.js'))
  return new Tinypool({ filename, minThreads: WORKERS, maxThreads: WORKERS, ...options })
}

/** `run` for each item, so many of them at the same time. */
export const perItem =
  (lanes: number, options?: object): OpenPool =>
  async () => {
    const pool = await make(options)
    return {
      sum: ({ task: name, item, value, moved }, count) =>
        inFlight(lanes, count, async n => {
          const one = item(n)
          return value(await pool.run(one, optionsOf(name, moved?.(one))))
        }),
      one: (name, item) => pool.run(item, { name }),
      close: () => pool.destroy(),
    }
  }

/** Arrays of items made by hand, four of them at the same time. */
export const batches =
  (size: number): OpenPool =>
  async () => {
    const pool = await make()
    return {
      sum: (work, count) =>
        inFlight(2 * WORKERS, Math.ceil(count / size), async batch => {
          const items: unknown[] = []
          for (let n = batch * size; n < Math.min(count, (batch + 1) * size); n++) items.push(work.item(n))
          return sumOf(work, await pool.run(items, optionsOf(`${work.task}All`, movedOf(work, items))))
        }),
      one: (name, item) => pool.run(item, { name }),
      close: () => pool.destroy(),
    } satisfies WorkPool
  }

function movedOf({ moved }: Work, items: readonly unknown[]) {
  return moved && items.flatMap(item => moved(item))
}

/** Its types know the options of the DOM in place of the list. */
const optionsOf = (name: string, moved: ArrayBuffer[] | undefined) =>
  moved ? { name, transferList: moved as never } : { name }

function sumOf({ value }: Work, results: readonly unknown[]): number {
  let sum = 0
  for (const result of results) sum = (sum + value(result)) | 0
  return sum
}
