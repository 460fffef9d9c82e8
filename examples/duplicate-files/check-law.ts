import type { StageStats } from 'sluice'
import type { Watched } from './meter.ts'

/**
 * Nothing vanishes: what a stage received is accounted for, and the next stage received what it passed on.
 * Gives a sentence for each stage of which that is not true.
 */
export function checkLaw(stages: readonly Watched[]): string[] {
  const all = stages.map(({ stats }) => stats())
  return all.flatMap((stage, at) => {
    const broken: string[] = []
    const { name, received, emitted } = stage
    if (accountedFor(stage) !== received) {
      broken.push(`${name} received ${received}, but accounts for ${accountedFor(stage)}`)
    }
    const next = all[at + 1]
    if (next && next.received !== emitted) {
      broken.push(`${name} passed ${emitted} on, but ${next.name} received ${next.received}`)
    }
    return broken
  })
}

function accountedFor(stats: StageStats): number {
  const { queued, inFlight, done, failed, dropped, rejected, timedOut, discarded } = stats
  return queued + inFlight + done + failed + dropped + rejected + timedOut + discarded
}
