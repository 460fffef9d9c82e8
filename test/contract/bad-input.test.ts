import {
  batch,
  block,
  buffer,
  type Capacity,
  channel,
  compose,
  count,
  distinct,
  drain,
  drop,
  dropNewest,
  dropOldest,
  dropWhile,
  Flow,
  filter,
  first,
  flatMap,
  flatten,
  forEach,
  from,
  fromEvents,
  interval,
  map,
  mergePrioritized,
  range,
  reduce,
  reject,
  Stage,
  scan,
  sink,
  spill,
  take,
  takeWhile,
  tap,
  timeout,
  toArray,
  transform,
} from 'sluice'
import { describe, expect, it } from 'vitest'
import { MemoryStore } from '../policies/spill/memory-store.ts'
import { outcome } from './probe.ts'

// Values of types that the signatures refuse.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any
const bad = (value: unknown): Any => value
const target = new EventTarget()

/** What is made, the class of the error, and words that its message says: where it happened and what was expected. */
type Case = readonly [
  what: string,
  make: () => unknown,
  kind: typeof TypeError | typeof RangeError,
  says: RegExp,
]

const functions: [string, (fn: Any) => unknown][] = [
  ['map: fn', fn => map(fn)],
  ['filter: accepts', fn => filter(fn)],
  ['flatMap: fn', fn => flatMap(fn)],
  ['takeWhile: accepts', fn => takeWhile(fn)],
  ['dropWhile: leavesOut', fn => dropWhile(fn)],
  ['scan: fn', fn => scan(fn, 0)],
  ['tap: fn', fn => tap(fn)],
  ['sink: fn', fn => sink(fn)],
  ['distinct: key', fn => distinct(fn === undefined ? null : fn)],
  ['batch: weigh', fn => batch({ size: 1, weigh: fn === undefined ? null : fn })],
  ['map: onDrop', fn => map((x: unknown) => x, { onDrop: fn ?? null })],
  ['map: onReject', fn => map((x: unknown) => x, { onReject: fn ?? null })],
  ['fromEvents: onDrop', fn => fromEvents(target, 'x', { onDrop: fn ?? null })],
]

const capacities: [string, (capacity: Capacity<unknown>) => unknown][] = [
  ['block', block],
  ['dropNewest', dropNewest],
  ['dropOldest', dropOldest],
  ['reject', reject],
  ['timeout', capacity => timeout(capacity, 10)],
]

const optioned: [string, (options: Any) => unknown][] = [
  ['map', options => map((x: unknown) => x, options)],
  ['filter', options => filter(() => true, options)],
  ['flatMap', options => flatMap(() => [], options)],
  ['flatten', options => flatten(options)],
  ['tap', options => tap(() => {}, options)],
  ['take', options => take(1, options)],
  ['drop', options => drop(1, options)],
  ['takeWhile', options => takeWhile(() => true, options)],
  ['dropWhile', options => dropWhile(() => true, options)],
  ['scan', options => scan(() => 0, 0, options)],
  ['distinct', options => distinct(undefined, options)],
  ['batch', options => batch(1, options)],
  ['buffer', options => buffer(block(1), options)],
  ['channel', options => channel(block(1), options)],
  ['transform', options => transform({}, options)],
  ['sink', options => sink(() => {}, options)],
  ['from', options => from([], options)],
  ['range', options => range(0, 1, options)],
  ['interval', options => interval(1, options)],
  ['mergePrioritized', options => mergePrioritized([], options)],
  ['fromEvents', options => fromEvents(target, 'x', options)],
]

const cases: Case[] = [
  ...functions.flatMap(([name, make]): Case[] =>
    [undefined, 1, 'text', {}].map(value => [
      `${name} = ${JSON.stringify(value)}`,
      () => make(value),
      TypeError,
      new RegExp(`^${name} must be a function, received `),
    ]),
  ),
  ...capacities.flatMap(([name, make]): Case[] => [
    ...[0, -1, 1.5, Number.NaN, -Infinity].map(
      (n): Case => [
        `${name}(${n})`,
        () => make(n),
        RangeError,
        new RegExp(`^${name}: capacity must be .*received ${n}`),
      ],
    ),
    ...[undefined, null, '3', [], {}].map(
      (n): Case => [
        `${name}(${JSON.stringify(n)})`,
        () => make(bad(n)),
        TypeError,
        new RegExp(`^${name}: .*received`),
      ],
    ),
    [
      `${name}({ size: 1 })`,
      () => make(bad({ highWaterMark: 1, size: 1 })),
      TypeError,
      /size must be a function, received 1/,
    ],
  ]),
  ...[-1, Number.NaN, Infinity].map(
    (ms): Case => [`timeout(1, ${ms})`, () => timeout(1, ms), RangeError, /^timeout: ms must be/],
  ),
  [
    'timeout(1)',
    () => timeout(1, bad(undefined)),
    TypeError,
    /^timeout: ms must be a number of milliseconds, received undefined/,
  ],
  ...optioned.flatMap(([name, make]): Case[] =>
    [null, 1, 'text'].map(value => [
      `${name} options = ${value}`,
      () => make(value),
      TypeError,
      new RegExp(`^${name}: options must be an object, received`),
    ]),
  ),
  ...optioned.slice(0, 5).flatMap(([name, make]): Case[] => [
    ...[0, -1, 1.5, Number.NaN, Infinity].map(
      (concurrency): Case => [
        `${name} concurrency = ${concurrency}`,
        () => make({ concurrency }),
        RangeError,
        new RegExp(`^${name}: concurrency must be a positive integer, received ${concurrency}`),
      ],
    ),
    ...(name.startsWith('flat')
      ? []
      : [
          [{ min: 0, max: 2 }, RangeError, 'concurrency.min must be a positive integer, received 0'],
          [{ min: 1, max: 2.5 }, RangeError, 'concurrency.max must be a positive integer, received 2.5'],
          [{ min: 1, max: Infinity }, RangeError, 'concurrency.max must be a positive integer'],
          [{ min: 3, max: 2 }, RangeError, 'concurrency.max must not be below min \\(3\\), received 2'],
          [{ min: 1 }, TypeError, 'concurrency.max must be a number, received undefined'],
          [{}, TypeError, 'concurrency.min must be a number, received undefined'],
          [null, TypeError, 'concurrency must be a number, received null'],
        ]
    ).map(
      ([concurrency, type, message]): Case => [
        `${name} concurrency = ${JSON.stringify(concurrency)}`,
        () => make({ concurrency }),
        type as typeof TypeError,
        new RegExp(`^${name}: ${message}`),
      ],
    ),
    [
      `${name} concurrency = "2"`,
      () => make({ concurrency: '2' }),
      TypeError,
      new RegExp(`^${name}: concurrency must be a number`),
    ],
    [
      `${name} ordered = 1`,
      () => make({ ordered: 1 }),
      TypeError,
      new RegExp(`^${name}: ordered must be true or false, received 1`),
    ],
  ]),
  ...optioned.slice(0, 12).flatMap(([name, make]): Case[] => [
    [
      `${name} name = 1`,
      () => make({ name: 1 }),
      TypeError,
      new RegExp(`^${name}: name must be a string, received 1`),
    ],
    [
      `${name} strategy = 16`,
      () => make({ strategy: 16 }),
      TypeError,
      new RegExp(`^${name}: strategy must be a QueuingStrategy`),
    ],
    [
      `${name} strategy = null`,
      () => make({ strategy: null }),
      TypeError,
      new RegExp(`^${name}: strategy must be`),
    ],
    [
      `${name} strategy hwm 0`,
      () => make({ strategy: { highWaterMark: 0 } }),
      RangeError,
      new RegExp(`^${name}: capacity must be .*received 0`),
    ],
    [
      `${name} strategy mode`,
      () => make({ strategy: { mode: 'lossy', highWaterMark: 1 } }),
      TypeError,
      new RegExp(`^${name}: unknown overflow mode "lossy"`),
    ],
  ]),
  ...(['take', 'drop'] as const).flatMap((name): Case[] => {
    const make = { take, drop }[name]
    return [
      ...[-1, 1.5, Number.NaN].map(
        (n): Case => [
          `${name}(${n})`,
          () => make(n),
          RangeError,
          new RegExp(`^${name}: limit must be an integer of 0 or more or Infinity, received ${n}`),
        ],
      ),
      [
        `${name}()`,
        () => make(bad(undefined)),
        TypeError,
        new RegExp(`^${name}: limit must be a number, received undefined`),
      ],
    ]
  }),
  ...[0, -1, 1.5, Number.NaN].map(
    (n): Case => [`batch(${n})`, () => batch(n), RangeError, /^batch: size must be a positive integer/],
  ),
  ...[undefined, null, '2'].map(
    (n): Case => [`batch(${n})`, () => batch(bad(n)), TypeError, /^batch: size must be a number, received/],
  ),
  ['batch({})', () => batch(bad({})), TypeError, /^batch: size must be a number, received undefined/],
  [
    'batch weighed 0',
    () => batch({ size: 0, weigh: () => 1 }),
    RangeError,
    /^batch: size must be a positive number/,
  ],
  [
    'batch maxItems 0',
    () => batch(1, { maxItems: 0 }),
    RangeError,
    /^batch: maxItems must be a positive integer/,
  ],
  ['batch maxWait -1', () => batch(1, { maxWait: -1 }), RangeError, /^batch: maxWait must be/],
  [
    'distinct max 0',
    () => distinct(undefined, { max: 0 }),
    RangeError,
    /^distinct: max must be a positive integer or Infinity, received 0/,
  ],
  ['range NaN', () => range(0, Number.NaN), RangeError, /^range: end/],
  ['range step 0', () => range(0, 1, { step: 0 }), RangeError, /^range: step/],
  ['range start ∞', () => range(Infinity, 1), RangeError, /^range: start must be finite, received Infinity/],
  ['range text', () => range(bad('0'), 1), TypeError, /^range: start must be a number, received "0"/],
  ...[0, 0.5, -1, Number.NaN, 2 ** 31].map(
    (ms): Case => [`interval(${ms})`, () => interval(ms), RangeError, /^interval: ms must be/],
  ),
  ['interval()', () => interval(bad(undefined)), TypeError, /^interval: ms must be a number of milliseconds/],
  [
    'fromEvents(null)',
    () => fromEvents(bad(null), 'x'),
    TypeError,
    /^fromEvents: target must be an EventTarget, received null/,
  ],
  [
    'fromEvents type',
    () => fromEvents(target, bad(1)),
    TypeError,
    /^fromEvents: type must be a string, received 1/,
  ],
  [
    'fromEvents block',
    () => fromEvents(target, 'x', { strategy: block(1) }),
    TypeError,
    /^fromEvents: events cannot wait/,
  ],
  [
    'fromEvents timeout',
    () => fromEvents(target, 'x', { strategy: timeout(1, 1) }),
    TypeError,
    /^fromEvents: events cannot wait/,
  ],
  [
    'fromEvents spill',
    () => fromEvents(target, 'x', { strategy: spill(new MemoryStore()) }),
    TypeError,
    /^fromEvents: events cannot wait/,
  ],
  ...[undefined, null, 1, {}].map(
    (v): Case => [
      `from(${JSON.stringify(v)})`,
      () => from(bad(v)),
      TypeError,
      /^from: the source must be an iterable/,
    ],
  ),
  ...[undefined, null, 1, {}].map(
    (v): Case => [
      `Flow.from(${JSON.stringify(v)})`,
      () => Flow.from(bad(v)),
      TypeError,
      /^Flow\.from: the argument must be an iterable/,
    ],
  ),
  ['compose()', () => bad(compose)(), TypeError, /^compose: at least one stage is needed/],
  ...[undefined, null, {}, () => {}].map(
    (v): Case => [
      `compose(${v})`,
      () =>
        compose(
          map((x: unknown) => x),
          bad(v),
        ),
      TypeError,
      /^compose: argument 1 must be a stage, received/,
    ],
  ),
  ...(['native', 'fused'] as const).flatMap((kind): Case[] => {
    const same = (): TransformStream => (kind === 'native' ? new TransformStream() : map(x => x))
    const used = (side: 'readable' | 'writable') => {
      const stage = same()
      if (side === 'readable') stage.readable.getReader()
      else stage.writable.getWriter()
      return stage
    }
    const twice = same()
    const message = /in use already|locked/
    return [
      [`compose(used, ${kind})`, () => compose(used('writable'), same()), TypeError, message],
      [`compose(${kind}, used)`, () => compose(same(), used('readable')), TypeError, message],
      [`compose(${kind}, used) within`, () => compose(same(), used('writable')), TypeError, message],
      [`compose(used) alone, ${kind}`, () => compose(used('writable')), TypeError, message],
      [`compose(same, same), ${kind}`, () => compose(twice, twice), TypeError, message],
    ]
  }),
  [
    'transform(1)',
    () => transform(bad(1)),
    TypeError,
    /^transform: the transformer must be an object, received 1/,
  ],
  [
    'transform({ transform: 1 })',
    () => transform(bad({ transform: 1 })),
    TypeError,
    /^transform: the transformer's transform must be a function, received 1/,
  ],
  [
    'transform hwm',
    () => transform({}, { readableStrategy: { highWaterMark: -1 } }),
    RangeError,
    /highWaterMark/,
  ],
  ['new Stage(1)', () => new Stage(bad(1)), TypeError, /./],
  ['new Flow(1)', () => new Flow(bad(1)), TypeError, /./],
]

describe('a wrong argument throws when the thing is made, saying where, what was expected and what came:', () => {
  it.each(cases)('%s', (_, make, kind, says) => {
    let thrown: unknown
    try {
      make()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(kind)
    expect((thrown as Error).message).toMatch(says)
  })
})

describe('a collector rejects, and never throws, on a wrong argument:', () => {
  const collectors: Record<string, (stream: Any, options?: Any) => Promise<unknown>> = {
    toArray,
    count,
    drain,
    first,
    forEach: (stream, options) => forEach(stream, () => {}, options),
    reduce: (stream, options) => reduce(stream, () => 0, 0, options),
  }
  it.each(Object.entries(collectors))('%s', async (name, collect) => {
    for (const value of [undefined, null, 1, [1, 2], {}]) {
      const result = (await outcome(collect(value))) as { error: Error }
      expect(result.error).toBeInstanceOf(TypeError)
      expect(result.error.message).toMatch(
        new RegExp(`^${name}: the argument must be a ReadableStream, received`),
      )
    }
    for (const options of [null, 1, { signal: 1 }, { signal: {} }]) {
      const stream = from([1])
      const result = (await outcome(collect(stream, options))) as { error: Error }
      expect(result.error).toBeInstanceOf(TypeError)
      expect(result.error.message).toMatch(
        new RegExp(`^${name}: (options must be an object|signal must be an AbortSignal), received`),
      )
      expect(stream.locked).toBe(false)
    }
    const locked = from([1])
    locked.getReader()
    expect(await outcome(collect(locked))).toMatchObject({
      error: expect.objectContaining({ message: expect.stringContaining('locked') }),
    })
  })

  it('forEach() and reduce() without a function', async () => {
    expect(await outcome(forEach(from([1]), bad(1)))).toMatchObject({ error: expect.any(TypeError) })
    expect(await outcome(reduce(from([1]), bad(null), 0))).toMatchObject({ error: expect.any(TypeError) })
    expect(await outcome(forEach(from([1]), () => {}, { concurrency: 0 }))).toMatchObject({
      error: expect.any(RangeError),
    })
  })
})

describe('pipes refuse what is no stream:', () => {
  it.each([undefined, null, 1, {}, { readable: 1, writable: 2 }])('pipeThrough(%o)', value => {
    const flow = from([1])
    expect(() => flow.pipeThrough(bad(value))).toThrow(TypeError)
    expect(flow.locked).toBe(false)
  })

  it.each([undefined, null, 1, {}])('pipeTo(%o)', async value => {
    const flow = from([1])
    expect(await outcome(flow.pipeTo(bad(value)))).toMatchObject({ error: expect.any(TypeError) })
    expect(flow.locked).toBe(false)
  })

  it('a wrong signal', async () => {
    expect(() =>
      from([1]).pipeThrough(
        map(x => x),
        { signal: bad(1) },
      ),
    ).toThrow(TypeError)
    expect(
      await outcome(
        from([1]).pipeTo(
          sink(() => {}),
          { signal: bad(1) },
        ),
      ),
    ).toMatchObject({ error: expect.any(TypeError) })
  })
})
