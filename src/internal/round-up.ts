/** The next whole number, 1 at the least; what fractions are off by does not count. */
export function roundUp(value: number): number {
  return Math.max(1, Math.ceil(value * (1 - 1e-12)))
}
