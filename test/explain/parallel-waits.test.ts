import { explain, from, sink } from 'sluice'
import { parallel } from 'sluice/parallel'
import { expect, it, vi } from 'vitest'

const forever = () => new Promise<never>(() => {})
const failing = 'data:text/javascript,export default n => { throw n }'
const unready = 'data:text/javascript,export const setup = () => new Promise(() => {}), work = n => n'

it.each([
  ['onError that does not come back', failing, { onError: forever }, 'function', 'item 0'],
  ['a policy that does not', failing, { policy: { execute: forever } }, 'function', 'item 0'],
  [
    'a worker that does not begin',
    unready,
    { name: 'work', grace: 1 },
    'worker',
    'worker 0, still in its setup',
  ],
])('explain() names, in a parallel stage, %s', async (_, module, options, waitsOn, detail) => {
  const abort = new AbortController()
  const stage = parallel(new URL(module), { ...options, runtime: 'inline', threads: 1 })
  const done = from([1, 2, 3])
    .pipeThrough(stage)
    .pipeTo(
      sink(() => {}),
      { signal: abort.signal },
    )
  try {
    await vi.waitFor(() => expect(explain(stage).culprit).toMatchObject({ kind: 'stage', waitsOn, detail }))
  } finally {
    abort.abort('enough')
    await expect(done).rejects.toBe('enough')
  }
})
