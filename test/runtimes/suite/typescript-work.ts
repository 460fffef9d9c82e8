export function triple(n: number): number {
  return n * 3
}
