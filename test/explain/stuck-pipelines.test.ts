import {
  batch,
  block,
  channel,
  circuitBreaker,
  type DeadLetter,
  drain,
  type Explainable,
  explain,
  filter,
  from,
  map,
  reject,
  sink,
  tap,
  throttle,
  toArray,
  window,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { never } from './stuck.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A pipeline that is stuck on purpose, every part of it that can be asked about, and what is to be said of it. */
interface Stuck {
  readonly parts: readonly Explainable[]
  readonly culprit: object
  readonly says: RegExp
}

const fail = (n: number): number => {
  throw new Error(`no ${n}`)
}
const quietly = (done: Promise<unknown>): void => void done.catch(() => {})

const pipelines: Record<string, () => Stuck> = {
  'a slow sink'() {
    const source = from([1, 2, 3, 4, 5, 6])
    const middle = map((n: number) => n * 2, { name: 'double', strategy: block(2) })
    const end = sink((n: number) => (n === 6 ? never() : undefined))
    quietly(source.pipeThrough(middle).pipeTo(end))
    return {
      parts: [source, middle, end],
      culprit: { name: 'sink', kind: 'sink', waitsOn: 'function', detail: 'item 2', inFlight: 1 },
      says: /^sink is at fault: its function has been at work on item 2 for (at most )?5\.0 s\.$/m,
    }
  },
  'an unread branch'() {
    const flow = from([1, 2, 3]).pipeThrough(tap(() => {}))
    const [left, right] = flow.tee()
    quietly(left.pipeThrough(map(n => n)).pipeTo(sink(() => {})))
    return {
      parts: [flow, left, right],
      culprit: { kind: 'reader', branch: '2', waitsOn: 'reader' },
      says: /^The reading side is at fault: nobody reads branch 2 of tee\(\)/m,
    }
  },
  'a channel that got no more'() {
    const ingest = channel<number>(block(4), { name: 'ingest' })
    quietly(ingest.readable.pipeTo(sink(() => {})))
    for (const n of [1, 2, 3]) quietly(ingest.send(n))
    return {
      parts: [ingest, ingest.readable],
      culprit: { kind: 'writer', waitsOn: 'source' },
      says: /^The writing side is at fault: after item 2 nothing more has been written to ingest/m,
    }
  },
  'an unread window'() {
    const stage = window<number>({ size: 2 })
    const flow = from([1, 2, 3]).pipeThrough(stage)
    quietly(toArray(flow))
    return {
      parts: [stage, flow],
      culprit: { name: 'window', waitsOn: 'reader', detail: 'its open window is not read' },
      says: /^window is at fault: nobody takes what it gives \(its open window is not read\)/m,
    }
  },
  'a forgotten reader'() {
    const stage = map((n: number) => n, { name: 'fetch' })
    const flow = from([1, 2, 3]).pipeThrough(stage)
    quietly(flow.getReader().read())
    return {
      parts: [stage, flow],
      culprit: { name: 'reader', kind: 'reader', waitsOn: 'reader' },
      says: /a reader holds the lock of the flow and has not asked for an item for (at most )?5\.0 s\./,
    }
  },
  'an open breaker'() {
    const breaker = circuitBreaker({ failures: 2, resetAfter: 9_000, whileOpen: 'wait' })
    const stage = map(fail, { name: 'call', breaker, onError: 'skip' })
    const flow = from([1, 2, 3]).pipeThrough(stage)
    quietly(toArray(flow))
    return {
      parts: [stage, flow],
      culprit: { name: 'call', waitsOn: 'breaker', untilMs: 4_000, forMs: 5_000 },
      says: /^call is at fault: its circuit breaker is open \(.*\) for 5\.0 s, and lets one try in 4\.0 s\.$/m,
    }
  },
  'a throttle'() {
    const source = from([1, 2, 3])
    const flow = source.pipeThrough(throttle({ limit: 1, interval: 60_000 })).pipeThrough(filter(() => true))
    quietly(drain(flow))
    return {
      parts: [source, flow],
      culprit: { name: 'throttle', kind: 'stage', waitsOn: 'timer', inFlight: 1, untilMs: 55_000 },
      says: /throttle is at fault: it waits for its rate limit, for another 55 s\./,
    }
  },
  'an empty source'() {
    const source = from(
      (async function* () {
        yield 1
        await never()
      })(),
    )
    const flow = source.pipeThrough(map(n => n)).pipeThrough(filter(n => n > 0))
    quietly(toArray(flow))
    return {
      parts: [source, flow],
      culprit: { kind: 'source', waitsOn: 'source' },
      says: /^The source is at fault: it has been asked for an item and has given none for (at most )?5\.0 s\.$/m,
    }
  },
  'a locked stream'() {
    const stage = map((n: number) => n)
    stage.writable.getWriter()
    quietly(stage.readable.pipeTo(sink(() => {})))
    return {
      parts: [stage, stage.readable],
      culprit: { name: 'writer', kind: 'writer', waitsOn: 'source' },
      says: /^The writing side is at fault: a writer holds the lock, and nothing has been written to map/m,
    }
  },
  'a batch that does not fill'() {
    const input = channel<number>(reject(10))
    const stage = batch<number>({ size: 10 })
    const flow = input.readable.pipeThrough(stage)
    for (const n of [1, 2, 3]) input.trySend(n)
    quietly(toArray(flow))
    for (const n of [4, 5]) input.trySend(n)
    return {
      parts: [input, stage, flow],
      culprit: { name: 'batch', waitsOn: 'items', detail: '5 of 10 items', inFlight: 5 },
      says: /^batch is at fault: it keeps items back until more come \(5 of 10 items\), and none comes/m,
    }
  },
  'a dead letter sink that takes nothing'() {
    const deadLetter = new WritableStream<DeadLetter<number>>({ write: never })
    const stage = map(fail, { name: 'parse', deadLetter, concurrency: 2 })
    const flow = from([1, 2])
      .pipeThrough(stage)
      .pipeThrough(map(n => n))
    const end = sink(() => {})
    quietly(flow.pipeTo(end))
    return {
      parts: [stage, flow, end],
      culprit: { name: 'parse', waitsOn: 'deadLetter', detail: 'the letter of item 0', forMs: 5_000 },
      says: /^parse is at fault: its dead letters cannot be written \(the letter of item 0\) for 5\.0 s\.$/m,
    }
  },
}

describe('explain() names the one at fault', () => {
  it.each(Object.keys(pipelines))('in a pipeline stuck by %s, whichever part is asked about', async name => {
    const { parts, culprit, says } = (pipelines[name] as () => Stuck)()
    await vi.advanceTimersByTimeAsync(5_000)
    for (const part of parts) {
      const found = explain(part)
      expect(found.culprit).toMatchObject(culprit)
      expect(found.stages).toContain(found.culprit)
      expect(String(found)).toMatch(says)
    }
  })
})
