import { explain, from, sink } from 'sluice'
import { parallel } from 'sluice/parallel'
import { expect, it, vi } from 'vitest'

it('explain() names the worker that is in an endless loop, and its item', async () => {
  const abort = new AbortController()
  const stage = parallel<typeof import('./work.ts')>(new URL('./work.ts', import.meta.url), {
    threads: 2,
    batch: 1,
    ordered: false,
    signal: abort.signal,
    execArgv: ['--import', 'tsx'],
    grace: 50,
  })
  const flow = from(Array.from({ length: 8 }, (_, n) => n)).pipeThrough(stage)
  const done = flow.pipeTo(sink(() => {}))
  try {
    // The item behind it, which its worker was given ahead, waits as well.
    await vi.waitFor(() => expect(stage.stats().done).toBeGreaterThanOrEqual(6), 15_000)
    await vi.waitFor(() => expect(explain(flow).culprit?.forMs).toBeGreaterThan(30))
    const { culprit, why } = explain(stage)
    expect(culprit).toMatchObject({ name: 'parallel', kind: 'stage', waitsOn: 'worker', bound: 'exact' })
    expect(culprit?.detail).toMatch(/^worker [01], at item 5$/)
    expect(why).toMatch(
      /^parallel is at fault: its worker has been silent for [^()]+ \(worker [01], at item 5\)\.$/,
    )
  } finally {
    abort.abort('enough')
    await expect(done).rejects.toBe('enough')
  }
})
