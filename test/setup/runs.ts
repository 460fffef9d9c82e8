import { env } from './env.ts'

/**
 * How many runs fast-check makes: `normally`, or what SLUICE_RUNS says (`npm run test:soak` sets it). On the further
 * runtimes SLUICE_SHARE says which part of that, and at least twenty of them are made.
 */
export function runs(normally: number): number {
  const share = Number(env('SLUICE_SHARE') ?? 1)
  const soak = Number(env('SLUICE_RUNS') ?? 0)
  return Math.max(Math.min(normally, Math.max(20, Math.round(normally * share))), soak)
}
