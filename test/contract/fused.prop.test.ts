import fc from 'fast-check'
import { block, channel, Flow, flatMap, forEach, from, map, reduce, sink, take, tap, toArray } from 'sluice'
import { afterEach, describe, expect, it } from 'vitest'
import { env } from '../setup/env.ts'
import { runs } from '../setup/runs.ts'
import { chainModel, chains, errors, type Log, moves, type Op } from './chain-model.ts'
import { ahead, fused, unfused } from './chain-run.ts'
import { type Kind, settle, soon } from './probe.ts'

const ARRAYS = [
  'array',
  'growing array',
  'array of promises',
  'promised array',
  'channel',
  'written',
] as const

interface Source {
  readonly kind: (typeof ARRAYS)[number] | 'iterable' | 'async iterable' | Kind
  readonly length: number
  readonly failure: { readonly error: unknown } | undefined
}

/** Who reads, and after how many items it stops. */
interface Reader {
  readonly kind:
    | 'forEach'
    | 'for await'
    | 'reader'
    | 'sink'
    | 'writable'
    | 'reduce'
    | 'slow forEach'
    | 'toArray'
  readonly limit: number
}

interface Ran {
  readonly items: unknown[]
  readonly ending: { readonly error: unknown } | 'ended' | 'left'
}

const sources: fc.Arbitrary<Source> = fc.record({
  kind: fc.constantFrom('array', 'iterable', 'async iterable', 'fused', 'native', ...ARRAYS),
  // The longest are more than a source gives between two looks at the clock.
  length: fc.constantFrom(0, 1, 2, 3, 5, 8, 13, 40, 40, 600),
  failure: fc.option(fc.record({ error: errors }), { nil: undefined, freq: 4 }),
})

/** Twelve operators can make half a million times as many items as come in: where they would, fewer do. */
const MOVES = 16_000
const pipelines = fc.tuple(sources, chains(12)).map(([source, ops]): [Source, readonly Op[]] => {
  let { length } = source
  while (moves(ops, length) > MOVES && length > 0) length >>= 1
  return [{ ...source, length }, ops]
})

const readers: fc.Arbitrary<Reader> = fc.record({
  kind: fc.constantFrom(
    ...(['forEach', 'for await', 'reader', 'sink', 'writable', 'reduce', 'slow forEach', 'toArray'] as const),
  ),
  limit: fc.constantFrom(1, 2, 4, Infinity, Infinity, Infinity),
})

const CLOSED = 'source closed'

const itemAt = (at: number) => (at * 5) % 13

function* pulled(source: Source, log: Log): Generator<unknown> {
  const quiet = isQuiet(source)
  let done = false
  try {
    for (let at = 0; at < source.length; at++) {
      if (!quiet) log.push(`source ${at}`)
      yield itemAt(at)
    }
    done = true
    if (source.failure && !quiet) throw source.failure.error
  } finally {
    if (!done && !quiet) log.push(CLOSED)
  }
}

/** Whether nobody sees what is taken of a source, nor can it fail. */
const isQuiet = ({ kind }: Source): boolean => (ARRAYS as readonly string[]).includes(kind)

function open(source: Source, log: Log): ReadableStream<unknown> {
  if (isQuiet(source)) return openArray(source)
  const items = pulled(source, log)
  if (source.kind === 'iterable') return from(items)
  if (source.kind === 'async iterable') {
    const iterator = { next: async () => items.next(), return: async () => items.return(undefined) }
    return from({ [Symbol.asyncIterator]: () => iterator })
  }
  const underlying: UnderlyingDefaultSource<unknown> = {
    pull(controller) {
      const result = items.next()
      if (result.done) controller.close()
      else controller.enqueue(result.value)
    },
    cancel: () => void items.return(undefined),
  }
  return source.kind === 'fused'
    ? new Flow(underlying, { highWaterMark: 0 })
    : new ReadableStream(underlying, { highWaterMark: 0 })
}

function openArray({ kind, length }: Source): ReadableStream<unknown> {
  const items = Array.from({ length }, (_, at) => itemAt(at))
  switch (kind) {
    case 'growing array': {
      const growing = items.slice(0, 2)
      const grow = () => {
        if (growing.length < length) growing.push(itemAt(growing.length))
      }
      return from(growing).pipeThrough(tap(grow))
    }
    case 'array of promises':
      return from(items.map((item, at) => (at % 3 ? item : Promise.resolve(item))))
    case 'promised array':
      return from(Promise.resolve(items))
    case 'channel': {
      const queue = channel<unknown>(block(length + 1))
      for (const item of items) queue.trySend(item)
      queue.close().catch(() => {})
      return queue.readable
    }
    case 'written': {
      const stage = map((item: unknown) => item)
      const writer = stage.writable.getWriter()
      for (const item of items) writer.write(item).catch(() => {})
      writer.close().catch(() => {})
      writer.closed.catch(() => {})
      return stage.readable
    }
    default:
      return from(items)
  }
}

function model(source: Source, ops: readonly Op[], limit: number, log: Log): Ran {
  const items: unknown[] = []
  try {
    for (const item of chainModel(ops, '', log, pulled(source, log)))
      if (items.push(item) === limit) return { items, ending: 'left' }
    return { items, ending: 'ended' }
  } catch (error) {
    return { items, ending: { error } }
  }
}

async function run(stream: ReadableStream<unknown>, { kind, limit }: Reader): Promise<Ran> {
  const items: unknown[] = []
  const push = (item: unknown) => {
    items.push(item)
  }
  try {
    if (kind === 'for await' || (limit < Infinity && kind !== 'reader')) {
      for await (const item of stream) if (items.push(item) === limit) return { items, ending: 'left' }
    } else if (kind === 'reader') {
      const reader = stream.getReader()
      for (let result = await reader.read(); !result.done; result = await reader.read()) {
        if (items.push(result.value) < limit) continue
        await reader.cancel()
        return { items, ending: 'left' }
      }
    } else if (kind === 'forEach') await forEach(stream, push)
    else if (kind === 'slow forEach') await forEach(stream, async item => push(item))
    else if (kind === 'reduce') await reduce(stream, (count, item) => (push(item), count + 1), 0)
    else if (kind === 'toArray') {
      // What it had until an error is nobody's business.
      const all = await toArray(stream.pipeThrough(tap(push)))
      expect(all).toEqual(items)
    } else await stream.pipeTo(kind === 'sink' ? sink(push) : new WritableStream({ write: push }))
    return { items, ending: 'ended' }
  } catch (error) {
    // A chain that works ahead may have failed by the time that its reader leaves.
    return { items, ending: items.length === limit ? 'left' : { error } }
  }
}

/** The calls of each function, apart. */
function byFunction(log: Log): Calls {
  const all: Calls = new Map()
  for (const call of log) {
    const name = /^[^ (]+/.exec(call)?.[0] as string
    const calls = all.get(name)
    if (calls) calls.push(call)
    else all.set(name, [call])
  }
  return all
}

/** Each function saw what it sees in the model, in that order; where `early`, it may have seen more. */
function expectCalls(real: Log, ideal: Log, early: boolean): void {
  const [calls, expected] = [real, ideal].map(log => byFunction(log.filter(call => call !== CLOSED))) as [
    Calls,
    Calls,
  ]
  for (const [name, all] of expected) {
    const seen = calls.get(name) ?? []
    expect(early ? seen.slice(0, all.length) : seen).toEqual(all)
  }
}

type Calls = Map<string, string[]>

/** Nothing of a chain that worked ahead can tell on an ending that had nothing to cut short. */
const cutShort = (ran: Ran, ops: readonly Op[]): boolean =>
  ran.ending !== 'ended' ||
  ops.some(op => op.op === 'take' || op.op === 'takeWhile' || (op.op === 'compose' && cutShort(ran, op.ops)))

/** What pulls ahead may meet an error that `take(0)`, asked first, would have spared its reader. */
const takesNone = (ops: readonly Op[]): boolean =>
  ops.some(op => (op.op === 'take' && op.n === 0) || (op.op === 'compose' && takesNone(op.ops)))

/** How far the clock is from one look to the next, in turns: where it is far, control is handed back. */
const paces = fc.array(fc.constantFrom(0, 0, 1, 9), { minLength: 1, maxLength: 9 })

const INTERRUPT = env('SLUICE_RUNS') === undefined ? 30_000 : 3_000_000

/** Each hop comes of an item that the clock was looked at for, and of an end. */
const TURNS = 2 * MOVES

const clock = performance.now

// A spy would keep every look, for as long as the process lives.
function hasten(paces: readonly number[]): void {
  let [now, looks] = [1000, 0]
  performance.now = () => (now += paces[looks++ % paces.length] as number)
}

afterEach(() => {
  performance.now = clock
})

describe('a chain of stages', () => {
  it.each([
    ['quick', fc.constant<number[]>([])],
    ['slow, and hands control back now and then,', paces],
  ])('that is %s does, fused, exactly what the lazy array model does, call by call', async (_, paces) => {
    await fc.assert(
      fc.asyncProperty(pipelines, readers, paces, async ([source, ops], reader, pace) => {
        if (pace.length > 0) hasten(pace)
        const [idealLog, log]: [Log, Log] = [[], []]
        const ideal = model(source, ops, reader.limit, idealLog)
        const eager = ahead(ops) || source.kind === 'native' || reader.kind === 'writable'
        if (eager && takesNone(ops)) return
        const real = await soon(
          run(fused(open(source, log), ops, log), reader),
          pace.length > 0 ? TURNS : 200,
        )
        expect(real).toEqual({ value: ideal })
        if (eager) expectCalls(log, idealLog, cutShort(ideal, ops))
        else {
          // When exactly a source is closed that has given its last item is nobody's business; that it is, once, is.
          expect(log.filter(call => call !== CLOSED)).toEqual(idealLog.filter(call => call !== CLOSED))
          expect(log.filter(call => call === CLOSED)).toEqual(idealLog.filter(call => call === CLOSED))
        }
      }),
      // Too slow is a failure, told with what was found of it before the test is out of time.
      { numRuns: runs(400), interruptAfterTimeLimit: INTERRUPT, markInterruptAsFailure: true },
    )
  })

  it.each(['reader', 'transform'] as const)(
    'does the same stage by stage over native streams (%s)',
    async between => {
      await fc.assert(
        fc.asyncProperty(pipelines, readers, async ([source, ops], reader) => {
          const [idealLog, log]: [Log, Log] = [[], []]
          const ideal = model(source, ops, reader.limit, idealLog)
          if (takesNone(ops)) return
          const real = await soon(run(unfused(open(source, log), ops, log, between), reader), 200)
          expect(real).toEqual({ value: ideal })
          expectCalls(log, idealLog, cutShort(ideal, ops))
        }),
        { numRuns: runs(150) },
      )
    },
  )
})

describe('take(3) over an endless source', () => {
  const endless = (kind: string, log: Log) => {
    let n = 0
    const next = () => {
      log.push(`source ${n}`)
      return { done: false as const, value: n++ }
    }
    if (kind === 'iterable') return from({ [Symbol.iterator]: () => ({ next }) })
    if (kind === 'async iterable')
      return from({ [Symbol.asyncIterator]: () => ({ next: async () => next() }) })
    return new Flow<number>({ pull: c => c.enqueue(next().value) }, { highWaterMark: 0 })
  }

  it.each(['iterable', 'async iterable', 'Flow'])('pulls exactly three (%s)', async kind => {
    for (const reader of ['forEach', 'for await', 'reader', 'sink', 'writable'] as const) {
      const log: Log = []
      const flow = endless(kind, log)
        .pipeThrough(map(n => n))
        .pipeThrough(take(3))
        .pipeThrough(map(async n => n))
      expect(await run(flow, { kind: reader, limit: Infinity })).toEqual({
        items: [0, 1, 2],
        ending: 'ended',
      })
      expect(log).toEqual(['source 0', 'source 1', 'source 2'])
    }
  })

  it.each(['iterable', 'async iterable', 'Flow'])('pulls exactly three of an expansion (%s)', async kind => {
    const log: Log = []
    const flow = from([0]).pipeThrough(flatMap(() => endless(kind, log)))
    const reader = flow.getReader()
    for (const value of [0, 1, 2]) expect(await reader.read()).toEqual({ done: false, value })
    await settle()
    expect(log).toEqual(['source 0', 'source 1', 'source 2'])
    await reader.cancel()
  })
})
