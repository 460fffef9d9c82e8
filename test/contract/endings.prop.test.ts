import fc from 'fast-check'
import {
  batch,
  block,
  buffer,
  channel,
  drop,
  dropOldest,
  filter,
  flatMap,
  forEach,
  map,
  type Stage,
  take,
  tap,
  toArray,
  transform,
} from 'sluice'
import { describe, expect, it } from 'vitest'
import { lacks } from '../runtimes/lacks.ts'
import { liveTimers } from '../setup/live-timers.ts'
import { runs } from '../setup/runs.ts'
import { turn } from '../setup/turn.ts'
import { wrapped } from './chain-run.ts'
import { endless, expectLaw, KINDS, type Kind, type Probe, probe, REASONS, settle, soon } from './probe.ts'

type AnyStage = Stage<unknown, unknown>

/** Stages that an ending meets with something inside: an inbox, an open batch, a promise, the rest of an expansion. */
const LINKS: Record<string, () => AnyStage> = {
  map: () => map(item => item),
  'async map': () => map(async item => item),
  'slow map': () => map(item => turn().then(() => item), { concurrency: 2 }),
  'stuck map': () => map((item, { index }) => (index < 2 ? item : new Promise(() => {})), { concurrency: 3 }),
  filter: () => filter((_item, { index }) => index % 3 !== 1),
  'async filter': () =>
    filter(async (_item, { index }) => index % 3 !== 1, { concurrency: 2, ordered: false }),
  tap: () => tap(() => {}),
  drop: () => drop(1),
  batch: () => batch({ size: 3, maxWait: 60_000 }) as AnyStage,
  flatMap: () => flatMap(item => [item, item, item]),
  'async flatMap': () =>
    flatMap(
      async function* (item) {
        yield item
        yield item
      },
      { concurrency: 2 },
    ),
  buffer: () => buffer(block(2)),
  'lossy buffer': () => buffer(dropOldest(2)),
  channel: () => channel(block(3)) as AnyStage,
  transform: () => transform({ transform: (item, c) => (c.enqueue(item), c.enqueue(item)) }),
  'with a plain inbox': () => map(async item => item, { strategy: { highWaterMark: 2 }, concurrency: 2 }),
  'with an inbox': () => map(async item => item, { strategy: block(2), concurrency: 2 }),
}
const links = fc.array(fc.constantFrom(...Object.keys(LINKS)), { minLength: 1, maxLength: 5 })
/** For sources without end: a lossy inbox would take from them for ever. */
const patient = links.filter(names => !names.includes('lossy buffer'))
const kinds = fc.constantFrom(...KINDS)
const reasons = fc.constantFrom(...REASONS)

interface Line {
  readonly up: Probe<unknown>
  readonly stages: readonly AnyStage[]
  readonly flow: ReadableStream<unknown>
}

// No TransformStream of the platform's is in between: Node 20's fails with an error of its own ("transformAlgorithm is
// not a function") when a cancel meets a chunk on its way in.
function build(
  kind: Kind,
  names: readonly string[],
  cuts: number,
  items: Iterable<unknown>,
  failure?: { error: unknown },
): Line {
  const up = probe(kind, items, failure)
  const stages = names.map(name => (LINKS[name] as () => AnyStage)())
  const flow = stages.reduce((stream: ReadableStream<unknown>, stage, at) => {
    const next = stream.pipeThrough(stage)
    return (cuts >> at) % 2 === 1 ? wrapped(next) : next
  }, up.stream)
  return { up, stages, flow }
}

/** Nothing is left behind: the source closed once at the most, its lock released, every account balanced. */
async function expectRest({ up, stages, flow }: Line, before: number): Promise<void> {
  await settle(8)
  expect(up.closed.length).toBeLessThanOrEqual(1)
  expect(up.stream.locked).toBe(false)
  expect(flow.locked).toBe(false)
  for (const stage of stages) {
    expectLaw(stage)
    expect(stage.stats()).toMatchObject({ queued: 0, inFlight: 0 })
  }
  expect(liveTimers()).toBeLessThanOrEqual(before)
}

/** A reader that takes up to `count` items, but does not wait where nothing comes. */
async function readSome(
  flow: ReadableStream<unknown>,
  count: number,
): Promise<ReadableStreamDefaultReader<unknown>> {
  const reader = flow.getReader()
  for (let n = 0; n < count; n++) if ((await soon(reader.read(), 6)) === 'pending') break
  return reader
}

/** What is stuck for ever holds its place for ever: only a cancel or an abort can end it. */
const stuck = (names: readonly string[]) => names.includes('stuck map')

/** A pipe of the platform's waits for the chunk at work before it tells its source of anything. */
const endable = (kind: Kind, names: readonly string[], cuts: number) =>
  !stuck(names) || (kind === 'fused' && cuts === 0)

/** Whether the platform's own pipe brings the items of such a link: they come from a stream that is not ours. */
const platformPipesInto = (link: string, kind: Kind, names: readonly string[], cuts: number) =>
  names.some((name, at) => name === link && (at === 0 ? kind === 'native' : (cuts >> (at - 1)) % 2 === 1))

describe('a chain of stages with items inside', () => {
  it('ends when its source ends, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, links, fc.nat(31), fc.nat(9), async (kind, names, cuts, length) => {
        fc.pre(!stuck(names))
        const before = liveTimers()
        const line = build(kind, names, cuts, Array(length).keys())
        expect(await soon(toArray(line.flow), 200)).toHaveProperty('value')
        await expectRest(line, before)
        expect(line.up.closed).toEqual([])
      }),
      { numRuns: runs(100) },
    )
  })

  it('fails with the source’s very error, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        kinds,
        links,
        fc.nat(31),
        fc.nat(9),
        reasons,
        async (kind, names, cuts, length, error) => {
          fc.pre(!stuck(names))
          const before = liveTimers()
          const line = build(kind, names, cuts, Array(length).keys(), { error })
          const result = (await soon(toArray(line.flow), 200)) as { error: unknown }
          expect(result).toHaveProperty('error')
          expect(result.error).toBe(error)
          await expectRest(line, before)
        },
      ),
      { numRuns: runs(100) },
    )
  })

  it('hands the very reason of a cancel back to its source, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        kinds,
        patient,
        fc.nat(31),
        fc.nat(6),
        reasons,
        async (kind, names, cuts, reads, reason) => {
          fc.pre(endable(kind, names, cuts))
          const before = liveTimers()
          const line = build(
            kind,
            names,
            cuts,
            endless(n => n),
          )
          const reader = await readSome(line.flow, reads)
          expect(await soon(reader.cancel(reason), 100)).toEqual({ value: undefined })
          reader.releaseLock()
          await expectRest(line, before)
          expect(line.up.closed).toEqual([reason])
          expect(line.up.closed[0]).toBe(reason)
        },
      ),
      { numRuns: runs(100) },
    )
  })

  it('is aborted by its collector’s signal with the very reason, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        kinds,
        patient,
        fc.nat(31),
        fc.nat(6),
        reasons,
        async (kind, names, cuts, turns, reason) => {
          fc.pre(endable(kind, names, cuts))
          const before = liveTimers()
          const line = build(
            kind,
            names,
            cuts,
            endless(n => n),
          )
          const controller = new AbortController()
          const done = forEach(line.flow, () => turn(), {
            signal: controller.signal,
          })
          done.catch(() => {})
          await settle(turns)
          controller.abort(reason)
          const result = (await soon(done, 100)) as { error: unknown }
          expect(result).toHaveProperty('error')
          expect(result.error).toBe(controller.signal.reason)
          await expectRest(line, before)
          expect(line.up.closed).toEqual([controller.signal.reason])
        },
      ),
      { numRuns: runs(100) },
    )
  })

  it('fails both ways with what a function in its midst throws, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        kinds,
        patient,
        patient,
        fc.nat(31),
        fc.nat(4),
        fc.boolean(),
        reasons,
        async (kind, front, back, cuts, calls, later, error) => {
          fc.pre(!stuck([...front, ...back]))
          // There, the source of such a pipe hears of the chunk that could not be given out.
          fc.pre(!lacks('first error of a pipe') || !platformPipesInto('transform', kind, front, cuts))
          const before = liveTimers()
          const up = build(
            kind,
            front,
            cuts,
            endless(n => n),
          )
          let left = calls
          const thrown = () => {
            if (left-- > 0) return
            if (later) return Promise.reject(error)
            throw error
          }
          const stage = tap(thrown) as AnyStage
          const stages = back.map(name => (LINKS[name] as () => AnyStage)())
          const flow = stages.reduce<ReadableStream<unknown>>(
            (stream, next) => stream.pipeThrough(next),
            up.flow.pipeThrough(stage),
          )
          const result = (await soon(toArray(flow), 200)) as { error: unknown }
          expect(result).toHaveProperty('error')
          expect(result.error).toBe(error)
          await expectRest({ up: up.up, stages: [...up.stages, stage, ...stages], flow }, before)
          expect(up.up.closed).toEqual([error])
          expect(up.up.closed[0]).toBe(error)
        },
      ),
      { numRuns: runs(100) },
    )
  })

  it('closes its source once when enough was taken, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, patient, fc.nat(31), fc.nat(5), async (kind, names, cuts, limit) => {
        fc.pre(!stuck(names))
        const before = liveTimers()
        const line = build(
          kind,
          names,
          cuts,
          endless(n => n),
        )
        const last = take<unknown>(limit)
        const flow = line.flow.pipeThrough(last)
        expect(await soon(toArray(flow), 200)).toEqual({ value: expect.objectContaining({ length: limit }) })
        await expectRest({ ...line, stages: [...line.stages, last], flow }, before)
        expect(line.up.closed.length).toBe(1)
      }),
      { numRuns: runs(100) },
    )
  })
})

describe('a channel with a flow piped into it', () => {
  it.each(REASONS)('cancels the flow’s source when it is aborted: %s', async reason => {
    const up = probe(
      'fused',
      endless(n => n),
    )
    const queue = channel<number>(block(2))
    const flow = up.stream.pipeThrough(queue)
    await settle()
    await queue.abort(reason)
    await settle()
    expect(up.closed).toEqual([reason])
    expect(up.stream.locked).toBe(false)
    expect(await soon(toArray(flow))).toEqual({ error: reason })
    expectLaw(queue)
  })
})
