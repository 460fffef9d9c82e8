/** What is to be done with many items: an export of the workers' module, and what its items and results are. */
export interface Work {
  readonly task: 'pass' | 'spin' | 'hold' | 'bytes'
  readonly item: (n: number) => unknown
  /** What a result adds to the sum. */
  readonly value: (result: unknown) => number
  /** The buffers of an item that are moved instead of copied. */
  readonly moved?: (item: unknown) => ArrayBuffer[]
}

/** Two workers of a library. */
export interface WorkPool {
  /** Works on the items from 0 to `count`, as many at the same time as suit the library, and adds up the results. */
  readonly sum: (work: Work, count: number) => Promise<number>
  /** Works on a single item. */
  readonly one: (task: Work['task'], item: unknown) => PromiseLike<unknown>
  readonly close: () => PromiseLike<unknown>
}

/** Imports the library and makes its pool. */
export type OpenPool = () => Promise<WorkPool>

export const WORKERS = 2

/** So many promises under way at the same time, which is how the users of a pool bound it. */
export async function inFlight(lanes: number, count: number, add: (n: number) => PromiseLike<number>) {
  let sum = 0
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const value = await add(next++)
      sum = (sum + value) | 0
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return sum
}
