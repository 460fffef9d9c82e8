import { count, drain, first, forEach, reduce, sink, text, toArray } from 'sluice'

/** How the contract suite uses a sink or collector. */
export interface SinkEntry {
  /** The export that is enrolled; several entries may enrol one. */
  readonly symbol: string
  readonly variant?: string
  /** The item that it is given for a number. Default: the number. */
  readonly input?: (n: number) => unknown
  readonly consume: (stream: ReadableStream<number>, options?: { signal?: AbortSignal }) => Promise<unknown>
  /** What becomes of these items. */
  readonly model: (items: number[]) => unknown
  /** With a user's function that calls `spy` on each item. */
  readonly calling?: (stream: ReadableStream<number>, spy: (item: number) => unknown) => Promise<unknown>
  /** Needs one item only. */
  readonly early?: true
}

const nothing = () => undefined
const sum = (items: number[]) => items.reduce((a, b) => a + b, 0)

export const sinkEntries: readonly SinkEntry[] = [
  { symbol: 'toArray', consume: toArray, model: items => items },
  { symbol: 'count', consume: count, model: items => items.length },
  { symbol: 'drain', consume: drain, model: nothing },
  { symbol: 'first', consume: first, model: items => items[0], early: true },
  {
    symbol: 'forEach',
    consume: (stream, options) => forEach(stream, () => {}, options),
    model: nothing,
    calling: (stream, spy) => forEach(stream, n => spy(n)),
  },
  {
    symbol: 'forEach',
    variant: 'async, concurrency 3',
    consume: (stream, options) => forEach(stream, async () => {}, { ...options, concurrency: 3 }),
    model: nothing,
    calling: (stream, spy) => forEach(stream, async n => spy(n), { concurrency: 3 }),
  },
  {
    symbol: 'forEach',
    variant: 'concurrency 2 to 4',
    consume: (stream, options) =>
      forEach(stream, async () => {}, { ...options, concurrency: { min: 2, max: 4 } }),
    model: nothing,
    calling: (stream, spy) => forEach(stream, async n => spy(n), { concurrency: { min: 2, max: 4 } }),
  },
  {
    symbol: 'reduce',
    consume: (stream, options) => reduce(stream, (total, n) => total + n, 0, options),
    model: sum,
    calling: (stream, spy) => reduce(stream, (_, n) => spy(n), undefined as unknown),
  },
  {
    symbol: 'forEach',
    variant: 'concurrency 2 to 4',
    consume: (stream, options) =>
      forEach(stream, async () => {}, { ...options, concurrency: { min: 2, max: 4 } }),
    model: nothing,
    calling: (stream, spy) => forEach(stream, async n => spy(n), { concurrency: { min: 2, max: 4 } }),
  },
  {
    symbol: 'reduce',
    variant: 'async',
    consume: (stream, options) => reduce(stream, async (total, n) => total + n, 0, options),
    model: sum,
    calling: (stream, spy) => reduce(stream, async (_, n) => spy(n), undefined as unknown),
  },
  {
    symbol: 'text',
    input: String,
    consume: (stream, options) => text(stream as ReadableStream<never>, options),
    model: items => items.join(''),
  },
  {
    symbol: 'sink',
    consume: (stream, options) =>
      stream.pipeTo(
        sink(() => {}),
        options,
      ),
    model: nothing,
    calling: (stream, spy) => stream.pipeTo(sink(n => spy(n))),
  },
  {
    symbol: 'sink',
    variant: 'async, concurrency 3',
    consume: (stream, options) =>
      stream.pipeTo(
        sink(async () => {}, { concurrency: 3 }),
        options,
      ),
    model: nothing,
    calling: (stream, spy) => stream.pipeTo(sink(async n => spy(n), { concurrency: 3 })),
  },
]
