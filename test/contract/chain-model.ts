import fc from 'fast-check'

/** A user's function, as data: what it computes, when it throws, and how it answers. */
export interface Fn {
  readonly add: number
  readonly mod: number
  /** The call, from 0, that throws; -1: none. */
  readonly throwAt: number
  readonly error: unknown
  readonly answers: 'now' | 'promise' | 'thenable' | 'sometimes'
  readonly takesIndex: boolean
  /** Where a stage has policies: an item whose call fails is left out. */
  readonly skips: boolean
}

/** What an item of `flatMap` expands to. */
export type Inner =
  | 'array'
  | 'set'
  | 'generator'
  | 'failing generator'
  | 'async generator'
  | 'stream'
  | 'promise'
  | 'flow'

/** One operator of a random chain. */
export type Op = { readonly concurrency: number; readonly capacity: number } & (
  | { readonly op: 'map' | 'filter' | 'tap' | 'takeWhile' | 'dropWhile' | 'scan'; readonly fn: Fn }
  | { readonly op: 'flatMap'; readonly fn: Fn; readonly inner: Inner; readonly width: number }
  | { readonly op: 'distinct'; readonly fn: Fn; readonly max: number }
  | { readonly op: 'take' | 'drop' | 'batch'; readonly n: number }
  | { readonly op: 'transform'; readonly fn: Fn; readonly width: number; readonly flushes: boolean }
  | { readonly op: 'flatten' | 'unbatch' | 'lines' | 'windows' | 'buffer' | 'native' }
  | { readonly op: 'compose'; readonly ops: readonly Op[] }
)

/** What happened, call by call. */
export type Log = string[]

/** Chunks that batches are made of count as their sum, so that every operator takes every item. */
export function num(item: unknown): number {
  return Array.isArray(item) ? item.reduce((sum: number, x) => sum + num(x), 0) : (item as number)
}

/** The function itself, at once; each call is logged with what it was given. */
export function callOf(log: Log, name: string, fn: Fn): (item: unknown, index: number) => number {
  let calls = 0
  return (item, index) => {
    log.push(`${name}(${JSON.stringify(item)}${fn.takesIndex ? `, ${index}` : ''})`)
    if (calls++ === fn.throwAt) throw fn.error
    return (num(item) + fn.add) % fn.mod
  }
}

/** The items of one expansion. */
export const innerItems = (value: number, width: number): number[] =>
  Array.from({ length: width }, (_, at) => value + at)

export function* innerGenerator(
  log: Log,
  name: string,
  items: number[],
  failure?: { error: unknown },
): Generator<number> {
  for (const item of items) {
    log.push(`${name}.inner ${item}`)
    yield item
  }
  if (failure) throw failure.error
}

/** An operator on a lazy list: the obvious model. */
function* modelOf(op: Op, name: string, log: Log, items: Iterable<unknown>): Generator<unknown> {
  let index = 0
  // A key is taken as it is, and its function gets the item alone.
  const call =
    'fn' in op ? callOf(log, name, op.op === 'distinct' ? { ...op.fn, takesIndex: false } : op.fn) : () => 0
  switch (op.op) {
    case 'map':
    case 'filter':
    case 'tap':
      for (const item of items) {
        let result: number
        try {
          result = call(item, index++)
        } catch (error) {
          if (op.fn.skips) continue
          throw error
        }
        if (op.op === 'map') yield result
        else if (op.op === 'tap' || result % 2) yield item
      }
      return
    case 'takeWhile':
      for (const item of items) {
        if (call(item, index++) % 4 === 3) return
        yield item
      }
      return
    case 'dropWhile': {
      let dropping = true
      for (const item of items) {
        dropping &&= call(item, index++) % 4 !== 3
        if (!dropping) yield item
      }
      return
    }
    case 'scan': {
      let value: unknown = 0
      for (const item of items) yield (value = call([value, item], index++))
      return
    }
    case 'flatMap':
      for (const item of items) {
        const failure = op.inner === 'failing generator' ? { error: op.fn.error } : undefined
        // Several open at once are read in no particular order.
        const seen = op.concurrency > 1 ? [] : log
        let inner: Iterator<number>
        try {
          const values = innerItems(call(item, index++), op.width)
          inner =
            op.inner.endsWith('generator') && op.inner !== 'async generator'
              ? innerGenerator(seen, name, values, failure)
              : values.values()
        } catch (error) {
          if (op.fn.skips) continue
          throw error
        }
        // What went out stays out.
        for (;;) {
          let next: IteratorResult<number>
          try {
            next = inner.next()
          } catch (error) {
            if (op.fn.skips) break
            throw error
          }
          if (next.done) break
          yield next.value
        }
      }
      return
    case 'flatten':
      for (const item of items) yield* [item, item]
      return
    case 'lines':
      for (const item of items) yield* [num(item), num(item)]
      return
    case 'unbatch':
      for (const item of items) yield* Array.isArray(item) ? item : [item]
      return
    case 'distinct': {
      const keys: number[] = []
      for (const item of items) {
        const key = call(item, index++) % 5
        const at = keys.indexOf(key)
        if (at >= 0) keys.splice(at, 1)
        keys.push(key)
        if (keys.length > op.max) keys.shift()
        if (at < 0) yield item
      }
      return
    }
    case 'take': {
      if (op.n === 0) return
      let left = op.n
      for (const item of items) {
        yield item
        if (--left === 0) return
      }
      return
    }
    case 'drop':
      for (const item of items) if (index++ >= op.n) yield item
      return
    case 'batch': {
      let open: unknown[] = []
      for (const item of items) {
        if (open.push(item) < op.n) continue
        yield open
        open = []
      }
      if (open.length > 0) yield open
      return
    }
    case 'transform':
      for (const item of items) yield* innerItems(call(item, index++), op.width)
      if (op.flushes) yield -1
      return
    case 'compose':
      yield* chainModel(op.ops, `${name}.`, log, items)
      return
    default:
      yield* items
  }
}

export function chainModel(
  ops: readonly Op[],
  prefix: string,
  log: Log,
  items: Iterable<unknown>,
): Iterable<unknown> {
  return ops.reduce((list, op, at) => modelOf(op, `${prefix}${at}:${op.op}`, log, list), items)
}

/** How often an item is handed from one operator to the next at the most, where so many come in. */
export function moves(ops: readonly Op[], items: number): number {
  let [now, all] = [items, items]
  for (const op of unnested(ops)) {
    if (op.op === 'flatMap' || op.op === 'transform') now *= op.width
    if (op.op === 'flatten' || op.op === 'lines') now *= 2
    if (op.op === 'transform' && op.flushes) now++
    all += now
  }
  return all
}

const unnested = (ops: readonly Op[]): readonly Op[] =>
  ops.flatMap(op => (op.op === 'compose' ? unnested(op.ops) : [op]))

const errors = fc.constantFrom<unknown>(new Error('thrown'), undefined, null, 0, '', false)
const fns: fc.Arbitrary<Fn> = fc.record({
  add: fc.nat(6),
  mod: fc.integer({ min: 2, max: 9 }),
  throwAt: fc.oneof({ weight: 14, arbitrary: fc.constant(-1) }, fc.nat(20)),
  error: errors,
  answers: fc.constantFrom('now', 'now', 'promise', 'thenable', 'sometimes', 'sometimes'),
  takesIndex: fc.boolean(),
  skips: fc.constantFrom(false, false, false, true),
})
const common = {
  concurrency: fc.constantFrom(1, 1, 1, 2, 3),
  capacity: fc.constantFrom(0, 0, 0, 0, 1, 3),
}
const inners = fc.constantFrom<Inner>(
  ...([
    'array',
    'array',
    'array',
    'set',
    'generator',
    'generator',
    'failing generator',
    'async generator',
    'stream',
    'promise',
    'flow',
  ] as const),
)
const simple: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      ...common,
      op: fc.constantFrom('map', 'filter', 'tap', 'takeWhile', 'dropWhile', 'scan'),
      fn: fns,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ ...common, op: fc.constant('flatMap'), fn: fns, inner: inners, width: fc.nat(3) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...common,
      op: fc.constant('distinct'),
      fn: fns,
      max: fc.constantFrom(1, 2, Infinity),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...common,
      op: fc.constantFrom('take', 'drop'),
      n: fc.constantFrom(0, 1, 2, 4, 6, 30, 100),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ ...common, op: fc.constant('batch'), n: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...common,
      op: fc.constant('transform'),
      fn: fns,
      width: fc.nat(3),
      flushes: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...common,
      op: fc.constantFrom('flatten', 'unbatch', 'unbatch', 'lines', 'windows', 'buffer', 'native'),
    }),
  },
) as fc.Arbitrary<Op>

/** A random chain of up to so many operators, nested once. */
export const chains = (maxLength: number): fc.Arbitrary<readonly Op[]> =>
  fc.array(
    fc.oneof(
      { weight: 9, arbitrary: simple },
      {
        weight: 1,
        arbitrary: fc.record({
          ...common,
          op: fc.constant('compose' as const),
          ops: fc.array(simple, { minLength: 1, maxLength: 3 }),
        }),
      },
    ),
    { maxLength },
  )

export { errors }
