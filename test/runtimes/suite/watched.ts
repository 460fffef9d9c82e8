import { from } from 'sluice'
import type { ParallelStage, ParallelStats } from 'sluice/parallel'
import { equal, ok } from './assert.ts'

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n)
}

/** Numbers from 0 to below 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed * 2654435761 + 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Every item that arrived is somewhere, and in one place only. */
export function conserved(stats: ParallelStats): void {
  const { received, queued, inFlight, done, failed, dropped, rejected, timedOut, discarded } = stats
  const parts = queued + inFlight + done + failed + dropped + rejected + timedOut + discarded
  equal(parts, received, `conservation of ${JSON.stringify({ ...stats, workers: undefined })}`)
}

/** Looks at a stage's figures as its items come and go. */
export class Watch {
  readonly #stage: ParallelStage<never, unknown>

  constructor(stage: ParallelStage<never, unknown>) {
    this.#stage = stage
  }

  look(): void {
    const stats = this.#stage.stats()
    const { inFlight, window } = stats
    ok(inFlight <= window, `${inFlight} items inside, the window is ${window}`)
    conserved(stats)
  }
}

/** Sends items through a stage and gives what comes out, looking at its figures all along. */
export async function through<I, O>(items: Iterable<I>, stage: ParallelStage<I, O>): Promise<O[]> {
  const watch = new Watch(stage as unknown as ParallelStage<never, unknown>)
  function* source(): Generator<I> {
    for (const item of items) {
      yield item
      watch.look()
    }
  }
  const out: O[] = []
  for await (const result of from(source()).pipeThrough(stage)) {
    watch.look()
    out.push(result)
  }
  watch.look()
  equal(stage.stats().inFlight, 0, 'items inside at the end')
  return out
}
