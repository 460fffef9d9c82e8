/**
 * Which worker a key's items go to, from 0. Keys in a row go to different workers: there are often just as many keys as
 * workers. The rows are turned against each other, so that multiples of the workers' number are spread too.
 */
export function workerOf(key: number, workers: number): number {
  const row = Math.floor(key / workers)
  // The upper bits of a multiplication by 2^32 / phi.
  const turn = Math.floor(((Math.imul(row, 0x9e3779b1) >>> 0) * workers) / 2 ** 32)
  return (key + turn) % workers
}
