import { filter, flatMap, forEach, from, map, reduce, sink, tap } from 'sluice'
import { describe, expect, it } from 'vitest'
import { outcome, settle } from '../contract/probe.ts'

type Context = { readonly signal: AbortSignal }
type Run = (fn: (item: number, context: Context) => Promise<never>, signal: AbortSignal) => Promise<unknown>

const through =
  // biome-ignore lint/suspicious/noExplicitAny: stages of any output
    (make: (fn: any) => ReadableWritablePair<any, number>): Run =>
    (fn, signal) =>
      forEach(from([1, 2, 3]).pipeThrough(make(fn)), () => {}, { signal })

const RUNS: Record<string, Run> = {
  map: through(fn => map(fn)),
  'map, several at once': through(fn => map(fn, { concurrency: 2 })),
  'map, adaptive': through(fn => map(fn, { concurrency: { min: 1, max: 4 } })),
  'map under policies': through(fn => map(fn, { timeout: 60_000 })),
  filter: through(fn => filter(fn)),
  'tap, several at once': through(fn => tap(fn, { concurrency: 2, ordered: false })),
  flatMap: through(fn => flatMap(fn)),
  'flatMap, several at once': through(fn => flatMap(fn, { concurrency: 2 })),
  'flatMap under policies': through(fn => flatMap(fn, { timeout: 60_000 })),
  forEach: (fn, signal) => forEach(from([1, 2]), fn, { signal }),
  reduce: (fn, signal) => reduce(from([1, 2]), (_, item, context) => fn(item, context), 0, { signal }),
  sink: (fn, signal) => from([1, 2]).pipeTo(sink(fn), { signal }),
}

describe('a function that aborts its own chain', () => {
  it.each(Object.entries(RUNS))('is told through its signal: %s', async (_, run) => {
    const controller = new AbortController()
    const fired: unknown[] = []
    const result = run((_item, { signal }) => {
      controller.abort('enough')
      return new Promise((_, reject) => {
        const onAbort = () => {
          fired.push(signal.reason)
          reject(signal.reason)
        }
        if (signal.aborted) onAbort()
        else signal.addEventListener('abort', onAbort)
      })
    }, controller.signal)
    expect(await outcome(result)).toEqual({ error: 'enough' })
    await settle()
    expect(fired).toEqual(['enough'])
  })
})

describe('flatMap()', () => {
  it('closes a stream that comes when nobody wants it any more', async () => {
    const controller = new AbortController()
    const cancelled: unknown[] = []
    let give!: (stream: ReadableStream<number>) => void
    const inner = new Promise<ReadableStream<number>>(resolve => {
      give = resolve
    })
    const result = forEach(from([1]).pipeThrough(flatMap(() => inner)), () => {}, {
      signal: controller.signal,
    })
    await Promise.resolve()
    controller.abort('enough')
    expect(await outcome(result)).toEqual({ error: 'enough' })
    give(new ReadableStream({ cancel: reason => void cancelled.push(reason) }))
    await inner
    await Promise.resolve()
    expect(cancelled).toEqual(['enough'])
  })
})
