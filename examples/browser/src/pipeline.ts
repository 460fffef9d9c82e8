import { block, from, sink, watchdog } from 'sluice'
import { createPool, type FailureInfo, parallel } from 'sluice/parallel'
import type { Entry, Job, Problem } from './entry.ts'
import { newWorker, type Work } from './new-worker.ts'
import { Pause } from './pause.ts'

/** What the pipeline reports of, one by one. */
export interface Reports {
  readonly keep: (entry: Entry) => void
  readonly note: (problem: Problem) => void
  /** Nothing has moved for a while, for a reason. */
  readonly stuck: (why: string) => void
}

/** A pipeline at work. */
export type Run = ReturnType<typeof run>

/** Works on the files: one pipeline, bounded everywhere, on as many cores as the job says. */
export function run(files: Iterable<Entry>, { kind, edge, workers }: Job, { keep, note, stuck }: Reports) {
  const pause = new Pause()
  const stop = new AbortController()
  const skip = (error: unknown, { path }: Entry, { skip }: FailureInfo) => {
    note({ path, error })
    return skip
  }

  // The stages. `strategy` is the queue in front of one; an item that fails is noted, and the others go on.
  const pool = createPool<Work>(newWorker, { threads: workers, data: { edge } })
  const options = { strategy: block(16), onError: skip, crashRetries: 1, timeout: 120_000 }
  const looked = parallel(pool, { name: 'look', ...options })
  const thumbnails = parallel(pool, { name: 'thumbnail', ...options })
  const checksums = parallel(pool, { name: 'sha256', ...options })
  const chosen = {
    thumbnails: [looked, thumbnails],
    checksums: [checksums],
    both: [looked, checksums, thumbnails],
  }[kind]
  const kept = sink<Entry>(
    async entry => {
      await pause.over()
      keep(entry)
    },
    { name: 'keep' },
  )

  // A pause holds both ends: no file is taken, no result is kept. What is in between waits in its queues.
  async function* taken() {
    for (const file of files) {
      await pause.over()
      yield file
    }
  }

  const flow = chosen.reduce((flow, stage) => flow.pipeThrough(stage), from(taken))
  const done = flow.pipeTo(kept, { signal: stop.signal }).finally(() => pool.close())
  watchdog(flow, { after: 5_000, report: ({ why }) => stuck(why), signal: stop.signal })

  return {
    /** Settles when all is done and the workers are gone; rejects when it was cancelled. */
    done,
    pause,
    cancel() {
      stop.abort(new DOMException('cancelled', 'AbortError'))
      pause.end()
    },
    stages: () => [...chosen, kept].map(({ stats }) => stats()),
  }
}
