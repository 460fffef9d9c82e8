import {
  batch,
  block,
  channel,
  debounce,
  filter,
  flatMap,
  forEach,
  from,
  fromEvents,
  idleTimeout,
  interval,
  keepAlive,
  map,
  mergePrioritized,
  range,
  sample,
  sink,
  take,
  tap,
  throttleLatest,
  timeout,
  toArray,
  window,
} from 'sluice'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { onUnhandledRejection } from '../setup/unhandled.ts'
import { outcome, settle } from './probe.ts'

const PIPELINES = runs(2000)

/** Everything that a chain can leave behind, counted while the tests run. */
const live = {
  timers: new Set<unknown>(),
  listeners: new Map<EventTarget, number>(),
  ports: 0,
  rejections: [] as unknown[],
}
/** Signals and targets that outlive a pipeline; a stream's own inner signal goes with the stream. */
const shared = new WeakSet<EventTarget>()
const share = <T extends EventTarget>(target: T): T => {
  shared.add(target)
  return target
}
const aborter = () => {
  const controller = new AbortController()
  share(controller.signal)
  return controller
}
let stopListening: () => void
/** What keeps the process alive, where the platform tells. */
const resources = () => globalThis.process?.getActiveResourcesInfo?.().length ?? 0

beforeAll(() => {
  const { setTimeout: set, clearTimeout: clear } = globalThis
  vi.stubGlobal('setTimeout', (task: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const timer = set(() => {
      live.timers.delete(timer)
      task(...args)
    }, ms)
    live.timers.add(timer)
    return timer
  })
  vi.stubGlobal('clearTimeout', (timer: never) => {
    live.timers.delete(timer)
    clear(timer)
  })
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
  const count = (target: EventTarget, by: number) => {
    if (shared.has(target)) live.listeners.set(target, (live.listeners.get(target) ?? 0) + by)
  }
  vi.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation(function (
    this: EventTarget,
    ...args
  ) {
    count(this, 1)
    return add.apply(this, args)
  })
  vi.spyOn(EventTarget.prototype, 'removeEventListener').mockImplementation(function (
    this: EventTarget,
    ...args
  ) {
    count(this, -1)
    return remove.apply(this, args)
  })
  stopListening = onUnhandledRejection(reason => live.rejections.push(reason))
})

afterAll(() => {
  stopListening()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A pipeline with a bit of everything that could be left: an inbox, a batch's timer, promises, an expansion. */
const pipeline = (source: ReadableStream<number>) =>
  source
    .pipeThrough(map(async n => n, { concurrency: 3, strategy: block(4) }))
    .pipeThrough(filter(n => n % 7 !== 6))
    .pipeThrough(tap(() => {}, { strategy: timeout(2, 60_000) }))
    .pipeThrough(flatMap(async n => [n, n], { concurrency: 2 }))
    .pipeThrough(batch({ size: 3, maxWait: 60_000 }))

const source = (n: number): ReadableStream<number> => {
  if (n % 3 === 0) return range(0, 12)
  if (n % 3 === 1) return from(Array(12).keys())
  let at = 0
  return new ReadableStream({ pull: c => (at < 12 ? c.enqueue(at++) : c.close()) })
}

const endings: Record<string, (n: number) => Promise<unknown>> = {
  ended: n => toArray(pipeline(source(n))),
  'ended in a sink': n => pipeline(source(n)).pipeTo(sink(() => {})),
  'failed at the source': () =>
    toArray(
      pipeline(
        from(
          (function* () {
            yield* [1, 2, 3]
            throw undefined
          })(),
        ),
      ),
    ),
  'failed in a function': n =>
    forEach(pipeline(source(n)), () => {
      throw undefined
    }),
  'failed in a sink': n => pipeline(source(n)).pipeTo(sink(() => Promise.reject(0))),
  cancelled: async n => {
    const reader = pipeline(source(n)).getReader()
    if (n % 2 === 0) await reader.read()
    else reader.read()
    await reader.cancel(n)
  },
  'broken out of': async n => {
    for await (const _ of pipeline(source(n))) break
  },
  'taken from': n => toArray(pipeline(source(n)).pipeThrough(take(1 + (n % 2)))),
  aborted: n => {
    const controller = aborter()
    const done = forEach(pipeline(source(n)), () => (n % 2 === 0 ? controller.abort() : undefined), {
      signal: controller.signal,
    })
    if (n % 2 === 1) queueMicrotask(() => controller.abort(n))
    return done
  },
  'aborted in a pipe': n => {
    const controller = aborter()
    const done = pipeline(source(n)).pipeTo(
      sink(() => controller.abort(n)),
      { signal: controller.signal },
    )
    return done
  },
  'aborted before it began': n => toArray(pipeline(source(n)), { signal: share(AbortSignal.abort(n)) }),
  'ended by `until`': () => {
    const until = aborter()
    return forEach(pipeline(range(0, Infinity, { until: until.signal })), () => until.abort())
  },
  'failed by `signal`': n => {
    const abort = aborter()
    return forEach(pipeline(range(0, Infinity, { signal: abort.signal })), () => abort.abort(n))
  },
  'never read': async n => {
    await pipeline(source(n)).cancel()
  },
  'pushed and closed': async n => {
    const queue = channel<number>(timeout(3, 60_000))
    const all = toArray(pipeline(queue.readable))
    for (let sent = 0; sent < 6; sent++) await queue.send(n, { signal: aborter().signal })
    queue.close()
    await all
  },
  'merged, and ended or cancelled': n => {
    const sources = [0, 1, 2].map(priority => ({ source: source(n + priority), priority }))
    const merged = mergePrioritized(sources, { signal: aborter().signal })
    return toArray(pipeline(n % 2 === 0 ? merged : merged.pipeThrough(take(3))))
  },
  'pushed with priorities and aborted': async n => {
    const queue = channel<number>(timeout(1, 60_000), { priority: level => level })
    const sends = [n, n + 1, n - 1].map(level => outcome(queue.send(level)))
    await queue.abort(n)
    await Promise.all(sends)
  },
  'pushed and aborted': async n => {
    const queue = channel<number>(timeout(1, 60_000))
    const sends = [queue.send(n), queue.send(n), queue.send(n, { timeout: 60_000 })].map(outcome)
    await queue.abort(n)
    await Promise.all(sends)
  },
  'cancelled or aborted with an open batch': async n => {
    const queue = channel<number>(block(3))
    queue.trySend(n)
    const reader = queue.readable.pipeThrough(batch({ size: 3, maxWait: 60_000 })).getReader()
    const read = outcome(reader.read())
    await settle(2)
    if (n % 2 === 0) await reader.cancel()
    else await queue.abort(n)
    await read
  },
  'cancelled, aborted or ended with the timers of time stages running': async n => {
    const queue = channel<number>(block(9))
    const reader = queue.readable
      .pipeThrough(idleTimeout(60_000))
      .pipeThrough(throttleLatest(60_000))
      .pipeThrough(sample(60_000))
      .pipeThrough(debounce<number>(60_000))
      .pipeThrough(window({ size: 3, time: 60_000 }))
      .pipeThrough(flatMap(items => items))
      .pipeThrough(keepAlive(60_000, () => 0))
      .getReader()
    const read = outcome(reader.read())
    for (let sent = 0; sent < 3; sent++) queue.trySend(n)
    await settle(1)
    if (n % 3 === 0) await reader.cancel()
    else if (n % 3 === 1) await queue.abort(n)
    else {
      queue.close()
      await read
      await reader.cancel()
    }
    await read
  },
  'of windows, left with one open': async n => {
    const reader = source(n)
      .pipeThrough(window({ size: 3, time: 60_000 }))
      .getReader()
    const { value } = await reader.read()
    await reader.cancel(n % 3 === 0 ? n + 1 : undefined)
    if (n % 2 === 0) await value?.cancel(n)
    else await outcome(toArray(value as ReadableStream<number>))
  },
  'of events': async () => {
    const target = share(new EventTarget())
    const two = toArray(fromEvents(target, 'x').pipeThrough(take(2)))
    await null
    target.dispatchEvent(new Event('x'))
    target.dispatchEvent(new Event('x'))
    await two
  },
  'of an interval, cancelled': async () => {
    const reader = interval(60_000).getReader()
    reader.read()
    await reader.cancel()
  },
}

describe(`${PIPELINES} pipelines leave nothing behind:`, () => {
  it.each(Object.entries(endings))('%s', async (_, run) => {
    await settle()
    const before = { timers: live.timers.size, resources: resources() }
    live.listeners.clear()
    for (let n = 0; n < PIPELINES; ) {
      // A hundred side by side: what one leaves must not be taken away by the next.
      await Promise.all(Array.from({ length: 100 }, () => outcome(run(n++))))
    }
    await settle(20)
    expect(live.timers.size).toBe(before.timers)
    expect([...live.listeners.values()].filter(count => count > 0)).toEqual([])
    expect(resources()).toBeLessThanOrEqual(before.resources)
    expect(live.rejections).toEqual([])
  })
})
