/** How many runs fast-check makes: `normally`, or what SLUICE_RUNS says (`npm run test:soak` sets it). */
export function runs(normally: number): number {
  const soak = Number(process.env.SLUICE_RUNS ?? 0)
  return Math.max(normally, soak)
}
