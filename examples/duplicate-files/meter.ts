import type { StageStats } from 'sluice'

/** What can be seen of a stage while it runs. */
export interface Reading {
  readonly name: string
  readonly items: number
  readonly perSecond: number
  /** Part of the queue that is filled, from 0 to 1; undefined for a stage without a queue. */
  readonly queue: number | undefined
}

/** All that is needed of a stage here. */
export interface Watched {
  readonly stats: () => StageStats
}

/** A function that reads all stages; their speed is that of the last second. */
export function meter(stages: readonly Watched[]): () => Reading[] {
  const samples = [{ at: performance.now(), items: new Map<Watched, number>() }]
  return () => {
    const now = { at: performance.now(), items: new Map<Watched, number>() }
    while (samples[1] && now.at - samples[1].at > 1000) samples.shift()
    samples.push(now)
    return stages.map(stage => {
      const { name, done, capacity, utilization } = stage.stats()
      now.items.set(stage, done)
      const [before = now] = samples
      const perSecond = ((done - (before.items.get(stage) ?? 0)) / (now.at - before.at)) * 1000
      return { name, items: done, perSecond, queue: capacity > 1 ? utilization : undefined }
    })
  }
}
