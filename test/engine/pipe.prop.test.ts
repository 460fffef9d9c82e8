import fc from 'fast-check'
import { from, map } from 'sluice'
import { describe, expect, it } from 'vitest'
import { lacks } from '../runtimes/lacks.ts'
import { runs } from '../setup/runs.ts'
import { turn } from '../setup/turn.ts'

/** What a pipe is given, and what happens to it on its way. */
interface Case {
  readonly items: number
  readonly sourceFails: boolean
  readonly cancelFails: boolean
  readonly highWaterMark: number
  readonly writes: 'at once' | 'later'
  /** Place of the write that fails; past the end for none. */
  readonly writeFails: number
  readonly closeFails: boolean
  readonly abortFails: boolean
  /** Place of the write in which the signal fires; -1: before the pipe; past the end for none. */
  readonly fires: number
  readonly preventAbort: boolean
  readonly preventClose: boolean
}

const cases: fc.Arbitrary<Case> = fc.record({
  items: fc.nat(9),
  sourceFails: fc.boolean(),
  cancelFails: fc.boolean(),
  highWaterMark: fc.integer({ min: 1, max: 3 }),
  writes: fc.constantFrom('at once' as const, 'later' as const),
  writeFails: fc.nat(9),
  closeFails: fc.boolean(),
  abortFails: fc.boolean(),
  fires: fc.integer({ min: -1, max: 12 }),
  preventAbort: fc.boolean(),
  preventClose: fc.boolean(),
})

/** Pipes with `open` between source and destination; gives what both ends and the caller saw. */
async function outcome(given: Case, open: (source: ReadableStream<number>) => ReadableStream<number>) {
  const seen: unknown[] = []
  const cancels: unknown[] = []
  const abort = new AbortController()
  let next = 0
  const source = new ReadableStream<number>(
    {
      pull(controller) {
        if (next < given.items) controller.enqueue(next++)
        else if (given.sourceFails) controller.error('source')
        else controller.close()
      },
      cancel(reason) {
        cancels.push(reason)
        if (given.cancelFails) throw 'cancel'
      },
    },
    { highWaterMark: 0 },
  )
  let writes = 0
  const destination = new WritableStream<number>(
    {
      async write(item) {
        seen.push(['write', item])
        if (writes === given.fires) abort.abort('signal')
        if (given.writes === 'later') await turn()
        if (writes++ === given.writeFails) throw 'write'
      },
      close() {
        seen.push(['close'])
        if (given.closeFails) throw 'close'
      },
      abort(reason) {
        seen.push(['abort', reason])
        if (given.abortFails) throw 'abort'
      },
    },
    { highWaterMark: given.highWaterMark },
  )
  if (given.fires < 0) abort.abort('signal')
  const { preventAbort, preventClose } = given
  const result = await open(source)
    .pipeTo(destination, { preventAbort, preventClose, signal: abort.signal })
    .then(
      () => ['fulfilled'],
      error => ['rejected', error],
    )
  // The destination is free again, and its state is the same.
  const writer = destination.getWriter()
  const state = await Promise.race([
    writer.closed.then(
      () => 'closed',
      error => ['errored', error],
    ),
    turn()
      .then(turn)
      .then(() => 'open'),
  ])
  return { seen, result, state, cancels }
}

describe('pipeTo() of a chain into a WritableStream', () => {
  it('does what the platform’s own pipeTo does', () =>
    fc.assert(
      fc.asyncProperty(cases, async given => {
        // When exactly a signal comes in between is the next law's affair.
        fc.pre(given.fires < 0 || given.fires > given.items)
        // So is which of the two is noticed first, where a write fails while the source comes to its end.
        fc.pre(given.writeFails >= given.items || given.writeFails < given.items - 4)
        // And there, the platform gives the other of two failures.
        fc.pre(!lacks('first failure of an abort') || !given.abortFails || !given.cancelFails)
        const expected = await outcome(given, source => source)
        expect(await outcome(given, source => from(source).pipeThrough(map(item => item)))).toEqual(expected)
      }),
      { numRuns: runs(300) },
    ))

  it('rejects with the failure of the last write, also where the destination is not to be closed', async () => {
    const destination = new WritableStream({ write: () => Promise.reject('write') })
    const piped = from([1])
      .pipeThrough(map(n => n))
      .pipeTo(destination, { preventClose: true })
    await expect(piped).rejects.toBe('write')
  })

  it('stops within a write when the signal fires there', () =>
    fc.assert(
      fc.asyncProperty(cases, fc.nat(4), async (any, fires) => {
        const given = { ...any, fires, items: fires + 6, writeFails: Infinity }
        const { seen, result, state, cancels } = await outcome(given, source =>
          from(source).pipeThrough(map(item => item)),
        )
        const aborts = given.preventAbort ? [] : [['abort', 'signal']]
        const writes = seen.slice(0, seen.length - aborts.length)
        expect(seen).toEqual([...writes.map((_, item) => ['write', item]), ...aborts])
        // What was taken before is written.
        expect(writes.length).toBeGreaterThan(fires)
        expect(writes.length).toBeLessThanOrEqual(fires + given.highWaterMark)
        expect(cancels).toEqual(['signal'])
        const failure = given.abortFails && !given.preventAbort ? 'abort' : given.cancelFails && 'cancel'
        expect(result).toEqual(['rejected', failure || 'signal'])
        expect(state).toEqual(given.preventAbort ? 'open' : ['errored', 'signal'])
      }),
      { numRuns: runs(200) },
    ))
})
