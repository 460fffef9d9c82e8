import { Flow, from, fromEvents, interval, map, mergePrioritized, range, type SourceOptions } from 'sluice'
import { vi } from 'vitest'

/** A source in use: its flow, what makes it give an item where it does not by itself, and how it was closed. */
export interface OpenSource {
  readonly flow: ReadableStream<unknown>
  readonly tick?: () => void
  /** The reasons with which its origin was closed; absent where nothing can be seen. */
  readonly closed?: readonly unknown[]
}

/** How the contract suite makes a source. */
export interface SourceEntry {
  /** The export that is enrolled; several entries may enrol one. */
  readonly symbol: string
  readonly variant?: string
  /** A source whose first items are 0, 1, 2. */
  readonly open: (options: SourceOptions) => OpenSource
  /** Gives 0, 1, 2 and then ends by itself; otherwise it goes on for ever. */
  readonly ends?: true
  /** Does not take `until` and `signal`. */
  readonly plain?: true
  /** Gives 0, 1 and then fails. */
  readonly failing?: (error: unknown) => ReadableStream<unknown>
}

/** Three items, and a record of `return()`. */
function iterator(
  closed: unknown[],
  last: () => IteratorResult<number> = () => ({ done: true, value: undefined }),
) {
  let n = 0
  return {
    next: (): IteratorResult<number> => (n < 3 ? { done: false, value: n++ } : last()),
    return(reason?: unknown): IteratorResult<number> {
      closed.push(reason)
      return { done: true, value: undefined }
    },
  }
}

function iterable(closed: unknown[]): Iterable<number> {
  return { [Symbol.iterator]: () => iterator(closed) }
}

function asyncIterable(closed: unknown[]): AsyncIterable<number> {
  const sync = iterator(closed)
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => sync.next(),
      return: async reason => sync.return(reason),
    }),
  }
}

function underlying(closed: unknown[]): UnderlyingDefaultSource<number> {
  let n = 0
  return {
    pull(controller) {
      if (n < 3) controller.enqueue(n++)
      else controller.close()
    },
    cancel(reason) {
      closed.push(reason)
    },
  }
}

const native = (closed: unknown[]) => new ReadableStream(underlying(closed), { highWaterMark: 0 })

function* failing(error: unknown) {
  yield 0
  yield 1
  throw error
}

async function* failingLater(error: unknown) {
  yield* failing(error)
}

/** A source of `from`, with a record of how it was closed. */
function fromEntry(variant: string, make: (closed: unknown[]) => Parameters<typeof from>[0]): SourceEntry {
  return {
    symbol: 'from',
    variant,
    ends: true,
    open(options) {
      const closed: unknown[] = []
      return { flow: from(make(closed), options), closed }
    },
  }
}

export const sourceEntries: readonly SourceEntry[] = [
  { symbol: 'from', variant: 'array', ends: true, open: options => ({ flow: from([0, 1, 2], options) }) },
  {
    symbol: 'from',
    variant: 'array of promises',
    ends: true,
    open: options => ({ flow: from([0, Promise.resolve(1), 2], options) }),
    failing(error) {
      const rejected = Promise.reject(error)
      rejected.catch(() => {})
      return from([0, 1, rejected])
    },
  },
  { ...fromEntry('iterable', iterable), failing: error => from(failing(error)) },
  { ...fromEntry('async iterable', asyncIterable), failing: error => from(failingLater(error)) },
  {
    ...fromEntry('generator function', closed => () => iterable(closed)),
    failing: error => from(() => failing(error)),
  },
  {
    ...fromEntry('async function', closed => async () => iterable(closed)),
    failing: error => from(() => failingLater(error)),
  },
  {
    ...fromEntry('promise', closed => Promise.resolve(iterable(closed))),
    failing: error => from(Promise.resolve(failing(error))),
  },
  {
    ...fromEntry('ReadableStream', native),
    failing(error) {
      let n = 0
      const pull = (c: ReadableStreamDefaultController) => (n < 2 ? c.enqueue(n++) : c.error(error))
      return from(new ReadableStream({ pull }, { highWaterMark: 0 }))
    },
  },
  fromEntry('Flow', closed => from(iterable(closed))),
  fromEntry('promise of a stream', closed => Promise.resolve(native(closed))),
  { symbol: 'range', variant: 'finite', ends: true, open: options => ({ flow: range(0, 3, options) }) },
  { symbol: 'range', variant: 'endless', open: options => ({ flow: range(0, Infinity, options) }) },
  {
    symbol: 'interval',
    open(options) {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
      return { flow: interval(10, options), tick: () => vi.advanceTimersByTime(10) }
    },
  },
  {
    symbol: 'fromEvents',
    open(options) {
      const target = new EventTarget()
      let n = 0
      const events = fromEvents<CustomEvent<number>>(target, 'item', options)
      return {
        flow: events.pipeThrough(map(event => event.detail)),
        tick: () => target.dispatchEvent(new CustomEvent('item', { detail: n++ })),
      }
    },
  },
  {
    symbol: 'mergePrioritized',
    ends: true,
    open(options) {
      const sources = [
        { source: [1, 2], priority: 0 },
        { source: [], priority: 2 },
        { source: [0], priority: 1 },
      ]
      return { flow: mergePrioritized(sources, options) }
    },
    failing: error =>
      mergePrioritized([
        { source: failing(error), priority: 0 },
        { source: [], priority: 1 },
      ]),
  },
  ...[iterable, asyncIterable, native].map(
    (make): SourceEntry => ({
      symbol: 'mergePrioritized',
      variant: `${make.name} behind one that has ended`,
      ends: true,
      open(options) {
        const closed: unknown[] = []
        const sources = [
          { source: [], priority: 1 },
          { source: make(closed), priority: 0 },
        ]
        return { flow: mergePrioritized(sources, options), closed }
      },
      failing: error =>
        mergePrioritized([
          { source: failingLater(error), priority: 1 },
          { source: [], priority: 0 },
        ]),
    }),
  ),
  {
    symbol: 'Flow',
    ends: true,
    plain: true,
    open() {
      const closed: unknown[] = []
      return { flow: new Flow(underlying(closed), { highWaterMark: 0 }), closed }
    },
    failing(error) {
      let n = 0
      return new Flow({ pull: c => (n < 2 ? c.enqueue(n++) : c.error(error)) }, { highWaterMark: 0 })
    },
  },
  {
    symbol: 'Flow',
    variant: 'Flow.from',
    ends: true,
    plain: true,
    open() {
      const closed: unknown[] = []
      return { flow: Flow.from(iterable(closed)), closed }
    },
    failing: error => Flow.from(failing(error)),
  },
]
