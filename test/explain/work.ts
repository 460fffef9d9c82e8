/** A worker's function that never comes back from one item. */
export default function work(n: number): number {
  for (let on = n === 5; on; );
  return n
}
