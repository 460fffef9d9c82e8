/** The same bytes or strings, cut somewhere: into empty chunks too. */
export function cut<T extends { slice(from: number, to: number): T; length: number }>(
  whole: T,
  at: readonly number[],
): T[] {
  const cuts = [0, ...at.map(n => n % (whole.length + 1)), whole.length].toSorted((a, b) => a - b)
  return cuts.slice(1).map((to, n) => whole.slice(cuts[n] as number, to))
}
