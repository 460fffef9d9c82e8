import {
  batch,
  block,
  buffer,
  channel,
  compose,
  debounce,
  distinct,
  drop,
  dropWhile,
  filter,
  flatMap,
  flatten,
  idleTimeout,
  keepAlive,
  lines,
  map,
  ndjson,
  Stage,
  type StageOptions,
  sample,
  scan,
  take,
  takeWhile,
  tap,
  text,
  throttle,
  throttleLatest,
  toArray,
  toNdjson,
  transform,
  window,
} from 'sluice'
import { csv, toCsv } from 'sluice/csv'
import { parallel } from 'sluice/parallel'
import { localExecutor } from '../setup/local-executor.ts'

// Loaded, as the library loads it, before the suite counts turns of the event loop: a browser fetches it.
// @ts-expect-error It has no types.
await import('papaparse')

// The suite gives every stage the same items; their types are the entry's own business.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any

/** How the contract suite makes a stage, and what the stage does to an array. */
export interface StageEntry {
  /** The export that is enrolled; several entries may enrol one. */
  readonly symbol: string
  readonly variant?: string
  readonly make: (options?: StageOptions<Any>) => Stage<Any, Any>
  /** The `n`th input. Default: `n`. */
  readonly input?: (n: number) => unknown
  /** What comes out when these inputs, and no more, came in. Default: the same items. */
  readonly model?: (items: Any[]) => unknown[]
  /** What comes out when the input fails after these items. Default: as `model`. */
  readonly beforeError?: (items: Any[]) => unknown[]
  /** The stage with a user's function that calls `spy` on each item; absent where there is none. */
  readonly calling?: (spy: (item: unknown) => unknown) => Stage<Any, Any>
  /** As `make`, for an input without end: one whose time comes soon. Default: `make`. */
  readonly makeEndless?: (options?: StageOptions<Any>) => Stage<Any, Any>
  /** For `calling`: an input that calls `spy` when the stage works on it. */
  readonly callingInput?: (n: number, spy: (item: unknown) => unknown) => unknown
  /** Pulls ahead of its reader even without a strategy in its options. */
  readonly eager?: true
  /** Made of the platform's parts: native buffering applies. */
  readonly platform?: true
}

/** The name of a parallel stage is that of its function. */
const unnamed = ({ name: _, ...options }: StageOptions<Any> = {}) => options
const pass = (x: unknown) => x
const chunks = (items: unknown[], size: number): unknown[][] => {
  const all: unknown[][] = []
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size))
  return all
}
const doubled = {
  transform: (n: unknown, c: TransformStreamDefaultController) => (c.enqueue(n), c.enqueue(n)),
}
const twice = (items: unknown[]) => items.flatMap(n => [n, n])
const firstAndLast = (items: unknown[]) => items.filter((_, at) => at === 0 || at === items.length - 1)
const before = (items: number[], limit: number) => items.filter(n => n < limit)

const bytes = (string: string) => new TextEncoder().encode(string)
const textOf = (chunks: Uint8Array[]) => {
  const decoder = new TextDecoder()
  return chunks.map(chunk => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
}
const linesOf = (all: string) => (all === '' ? [] : all.replace(/\n$/, '').split(/\r?\n/))

export const stageEntries: readonly StageEntry[] = [
  { symbol: 'map', make: options => map(pass, options), calling: spy => map(x => (spy(x), x)) },
  {
    symbol: 'map',
    variant: 'async',
    make: options => map(async x => x, options),
    calling: spy => map(async x => (spy(x), x)),
  },
  {
    symbol: 'map',
    variant: 'concurrency 3',
    make: options => map(async x => x, { ...options, concurrency: 3 }),
    calling: spy => map(async x => (spy(x), x), { concurrency: 3 }),
  },
  {
    symbol: 'map',
    variant: 'concurrency 3, unordered',
    make: options => map(async x => x, { ...options, concurrency: 3, ordered: false }),
    calling: spy => map(async x => (spy(x), x), { concurrency: 3, ordered: false }),
  },
  {
    symbol: 'map',
    variant: 'concurrency 2 to 4',
    make: options => map(async x => x, { ...options, concurrency: { min: 2, max: 4 } }),
    calling: spy => map(async x => (spy(x), x), { concurrency: { min: 2, max: 4 } }),
  },
  {
    symbol: 'filter',
    make: options => filter((n: number) => n % 2 === 0, options),
    model: items => items.filter(n => n % 2 === 0),
    calling: spy => filter(x => (spy(x), true)),
  },
  {
    symbol: 'filter',
    variant: 'async, concurrency 2',
    make: options => filter(async (n: number) => n % 2 === 0, { ...options, concurrency: 2 }),
    model: items => items.filter(n => n % 2 === 0),
    calling: spy => filter(async x => (spy(x), true), { concurrency: 2 }),
  },
  {
    symbol: 'flatMap',
    make: options => flatMap((n: number) => [n, n], options),
    model: twice,
    calling: spy => flatMap(x => (spy(x), [x])),
  },
  {
    symbol: 'flatMap',
    variant: 'async iterables, concurrency 2',
    make: options =>
      flatMap(
        async function* (n: number) {
          yield n
          yield n
        },
        { ...options, concurrency: 2 },
      ),
    model: twice,
    calling: spy =>
      flatMap(
        async function* (x: unknown) {
          spy(x)
          yield x
        },
        { concurrency: 2 },
      ),
  },
  { symbol: 'take', make: options => take(4, options), model: items => items.slice(0, 4) },
  { symbol: 'drop', make: options => drop(2, options), model: items => items.slice(2) },
  {
    symbol: 'takeWhile',
    make: options => takeWhile((n: number) => n < 5, options),
    model: items => before(items, 5),
    calling: spy => takeWhile(x => (spy(x), true)),
  },
  {
    symbol: 'dropWhile',
    make: options => dropWhile((n: number) => n < 3, options),
    model: items => items.filter(n => n >= 3),
    calling: spy => dropWhile(x => (spy(x), true)),
  },
  {
    symbol: 'scan',
    make: options => scan((sum: number, n: number) => sum + n, 0, options),
    model: items => items.map((_, at) => items.slice(0, at + 1).reduce((sum, n) => sum + n, 0)),
    calling: spy => scan((_, x) => (spy(x), x), undefined as unknown),
  },
  { symbol: 'tap', make: options => tap(() => {}, options), calling: spy => tap(x => void spy(x)) },
  {
    symbol: 'batch',
    make: options => batch({ ...options, size: 3 }),
    model: items => chunks(items, 3),
    beforeError: items => chunks(items, 3).filter(chunk => chunk.length === 3),
    calling: spy => batch({ size: 3, weigh: x => (spy(x), 1) }),
  },
  {
    symbol: 'batch',
    variant: 'size 1, maxWait',
    make: options => batch({ ...options, size: 1, maxWait: 1000 }),
    model: items => chunks(items, 1),
  },
  {
    symbol: 'flatten',
    make: options => flatten(options),
    input: n => [n, n],
    model: items => items.flat(),
    calling: () => flatten<unknown>(),
    callingInput: (n, spy) => ({
      *[Symbol.iterator]() {
        spy(n)
        yield n
      },
    }),
  },
  {
    symbol: 'distinct',
    make: options => distinct((n: number) => n >> 1, options),
    model: items => items.filter((n, at) => items.findIndex(m => m >> 1 === n >> 1) === at),
    calling: spy => distinct(x => (spy(x), x)),
  },
  {
    symbol: 'buffer',
    make: options => buffer(options?.strategy ?? block(2), options),
    calling: spy => buffer({ highWaterMark: 4, size: x => (spy(x), 1) }),
    eager: true,
  },
  {
    symbol: 'buffer',
    variant: 'with priorities',
    make: options => buffer(options?.strategy ?? block(2), { ...options, priority: () => 1 }),
    eager: true,
  },
  {
    symbol: 'throttle',
    make: options => throttle({ ...options, limit: 1000, interval: 1, burst: 1000 }),
    calling: spy => throttle({ limit: 1000, interval: 1, burst: 1000, key: x => spy(x) }),
  },
  {
    symbol: 'debounce',
    make: options => debounce(60_000, options),
    makeEndless: options => debounce(60_000, { ...options, maxWait: 1 }),
    model: items => items.slice(-1),
    beforeError: () => [],
  },
  {
    symbol: 'throttleLatest',
    make: options => throttleLatest(60_000, options),
    makeEndless: options => throttleLatest(1, options),
    model: firstAndLast,
    beforeError: items => items.slice(0, 1),
    calling: spy =>
      compose(
        throttleLatest(1),
        map(x => (spy(x), x)),
      ),
  },
  {
    symbol: 'sample',
    make: options => sample({ ...options, rate: 0.5 }),
    model: items => items.filter((_, at) => at % 2 === 0),
    calling: spy => sample({ rate: 0.5, random: () => (spy(0), 0) }),
  },
  {
    symbol: 'sample',
    variant: 'when pressure',
    make: options => sample({ ...options, rate: 0.5, when: 'pressure', above: 1 }),
    eager: true,
  },
  {
    symbol: 'sample',
    variant: 'ticks',
    make: options => sample(60_000, options),
    makeEndless: options => sample(1, options),
    model: items => items.slice(-1),
    beforeError: () => [],
  },
  {
    symbol: 'window',
    make: options =>
      compose(
        window<Any>({ ...options, size: 3, time: 60_000 }),
        map((items, { signal }) => toArray(items, { signal })),
      ),
    model: items => chunks(items, 3),
    beforeError: items => chunks(items, 3).filter(chunk => chunk.length === 3),
  },
  {
    symbol: 'window',
    variant: 'flattened',
    make: options =>
      compose(
        window<Any>({ ...options, size: 3 }),
        flatMap(items => items),
      ),
    calling: spy =>
      compose(
        window<Any>({ size: 3 }),
        flatMap(items => items.pipeThrough(map(x => (spy(x), x)))),
      ),
  },
  { symbol: 'idleTimeout', make: options => idleTimeout(60_000, options) },
  { symbol: 'keepAlive', make: options => keepAlive(60_000, () => 'alive', options) },
  {
    symbol: 'transform',
    make: options => transform(doubled, options),
    model: twice,
    calling: spy => transform({ transform: (x, c) => (spy(x), c.enqueue(x)) }),
  },
  {
    symbol: 'compose',
    make: options => compose(map(pass, options), map(pass)),
    calling: spy =>
      compose(
        map(pass),
        map(x => (spy(x), x)),
      ),
  },
  {
    symbol: 'parallel',
    make: options => parallel<Any, Any>(undefined, { ...unnamed(options), executor: localExecutor(pass) }),
    calling: spy => parallel<Any, Any>(undefined, { executor: localExecutor(x => (spy(x), x)) }),
  },
  {
    symbol: 'parallel',
    variant: 'batches of 3, by key',
    make: options =>
      parallel<Any, Any>(undefined, {
        ...unnamed(options),
        batch: 3,
        key: n => Number(n) % 2,
        executor: localExecutor(pass),
      }),
  },
  {
    symbol: 'lines',
    make: options => lines(options),
    input: n => `${n}\n`,
    model: items => items.map(item => item.trim()),
  },
  {
    symbol: 'lines',
    variant: 'of bytes, cut anywhere',
    make: options => lines(options),
    input: n => new TextEncoder().encode(`${n}${n % 2 ? '\r' : '…\n'}`),
    model: items => linesOf(textOf(items)),
    beforeError: items => linesOf(textOf(items).replace(/[^\n]*$/, '')),
  },
  {
    symbol: 'ndjson',
    make: options => ndjson(options),
    input: n => `${n}\n\n`,
    model: items => items.map(Number),
  },
  {
    symbol: 'toNdjson',
    make: options => toNdjson(options),
    model: items => items.map(item => bytes(`${item}\n`)),
  },
  {
    symbol: 'toNdjson',
    variant: 'toJSON',
    make: options => toNdjson(options),
    input: n => ({ toJSON: () => n }),
    model: items => items.map(item => bytes(`${item.toJSON()}\n`)),
    calling: () => toNdjson<Any>(),
    callingInput: (n, spy) => ({ toJSON: () => (spy(n), n) }),
  },
  {
    symbol: 'text',
    make: options => text(options),
    input: n => bytes(`${n}…`),
    model: items => items.map(item => textOf([item])),
  },
  {
    symbol: 'csv',
    make: options => csv({ ...options, header: ['n', 'word'] }),
    input: n => `${n},"a\n${n}"\n`,
    model: items => items.map(item => ({ n: item.split(',')[0], word: `a\n${item.split(',')[0]}` })),
  },
  {
    symbol: 'csv',
    variant: 'toCsv',
    make: options => toCsv({ ...options, header: false }),
    input: n => [n, ' "'],
    model: items => items.map(([n]) => bytes(`${n}," """\r\n`)),
  },
  {
    symbol: 'csv',
    variant: 'toCsv with columns',
    make: options => toCsv({ ...options, columns: ['n'] }),
    input: n => ({ n }),
    model: items =>
      items.length === 0
        ? [bytes('n\r\n')]
        : items.map(({ n }, at) => bytes(`${at === 0 ? 'n\r\n' : ''}${n}\r\n`)),
  },
  { symbol: 'compose', variant: 'of one stage', make: options => compose(map(pass, options)) },
  {
    symbol: 'channel',
    make: options => channel(options?.strategy ?? block(2), options),
    calling: spy => channel({ highWaterMark: 4, size: x => (spy(x), 1) }),
    eager: true,
  },
  {
    symbol: 'channel',
    variant: 'with priorities',
    make: options =>
      channel(options?.strategy ?? block(2), { ...options, priority: () => 1, ageing: Infinity }),
    calling: spy => channel({ highWaterMark: 4, size: x => (spy(x), 1) }, { priority: () => 1 }),
    eager: true,
  },
  {
    symbol: 'Stage',
    make: options => new Stage(doubled, options?.strategy),
    model: twice,
    calling: spy => new Stage({ transform: (x, c) => (spy(x), c.enqueue(x)) }),
    eager: true,
    platform: true,
  },
]
