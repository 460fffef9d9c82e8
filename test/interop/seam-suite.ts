import { from, map, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { outcome } from '../contract/probe.ts'
import { platform } from '../setup/platform.ts'
import { record } from './measured.ts'
import { type Row, type RowId, rows } from './rows.ts'
import { CHUNK, countedSource, wholeOf } from './source.ts'
import { still } from './still.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>

/** How bytes go through a counterpart: out of a flow of ours on its one side, into a stage of ours on the other. */
export interface Seam {
  readonly row: RowId
  /** Gives what comes out on the far side. */
  readonly open: (flow: Bytes) => Bytes | Promise<Bytes>
  /** What arrives on the far side of an error that the source fails with. */
  readonly errors: 'the same' | 'another' | 'nothing: it ends'
  /** What the source is told of the reason with which the consumer leaves; `nothing`: that it has left. */
  readonly reasons: 'the same' | 'another' | 'nothing'
  /** How many chunks are in the sockets between, where the row does not count them. */
  readonly inSockets?: () => number | Promise<number>
  /** Waits until nothing of it is open any more, and says what is. */
  readonly leftovers?: () => Promise<unknown>
  /** Why it does not run here. */
  readonly missing?: string | undefined
}

/** What holds of every counterpart. */
export function seamContract(seam: Seam): void {
  const row: Row = rows[seam.row]
  const fault = row.broken?.[platform()]
  const through = async (flow: Bytes): Promise<Bytes> =>
    from(await seam.open(flow)).pipeThrough(map((chunk: Uint8Array<ArrayBuffer>) => chunk))
  const closedDown = async () => {
    if (seam.leftovers) expect(await seam.leftovers()).toEqual([])
  }

  describe(row.counterpart, () => {
    const test = (name: string, run: () => Promise<void>) =>
      it(name, async ({ skip }) => {
        skip(seam.missing !== undefined, seam.missing)
        await run()
      })

    test('gives back the same bytes', async () => {
      const source = countedSource(40)
      const chunks = await toArray(await through(source.flow))
      const all = new Uint8Array(await new Blob(chunks).arrayBuffer())
      expect(all.length).toBe(40 * CHUNK)
      expect(all.every((byte, at) => byte === WHOLE[at])).toBe(true)
      expect(source.closed).toEqual([])
      await closedDown()
    })

    test('passes the source’s error on', async () => {
      const error = new Error('the source has failed')
      const result = await outcome(through(countedSource(3, { failure: { error } }).flow).then(toArray))
      expect(result).toHaveProperty(seam.errors === 'nothing: it ends' ? 'value' : 'error')
      if (seam.errors === 'the same') expect(result).toEqual({ error })
      await closedDown()
    })

    test('tells the source that the consumer has left', async () => {
      const source = countedSource(Infinity, { paced: true })
      const reader = (await through(source.flow)).getReader()
      await reader.read()
      const reason = new Error('enough')
      await reader.cancel(reason)
      await still(() => source.closed.length, { until: 1 })
      expect(source.closed).toHaveLength(1)
      if (seam.reasons === 'the same') expect(source.closed[0]).toBe(reason)
      if (seam.reasons === 'another') expect(source.closed[0]).toBeInstanceOf(Error)
      await closedDown()
    })

    test('is aborted by the signal of a collector', async () => {
      const source = countedSource(Infinity, { paced: true })
      const stop = new AbortController()
      const reason = new Error('stop')
      let taken = 0
      const stage = map((chunk: Uint8Array<ArrayBuffer>) => {
        if (++taken === 3) stop.abort(reason)
        return chunk.length
      })
      const flow = (await through(source.flow)).pipeThrough(stage)
      expect(await outcome(toArray(flow, { signal: stop.signal }))).toEqual({ error: reason })
      await still(() => source.closed.length, { until: 1 })
      expect(source.closed).toHaveLength(1)
      if (seam.reasons === 'the same') expect(source.closed[0]).toBe(reason)
      await closedDown()
    })

    const law = fault
      ? `is ahead of a consumer that has stopped without bound: ${fault}`
      : `is at most ${row.bound} chunks ahead of a consumer that has stopped${row.besides ? `, beside the ${row.besides}` : ''}`
    test(law, async () => {
      // More than sockets hold.
      const source = countedSource(seam.inSockets ? 8192 : Math.max(100, 4 * row.bound))
      const reader = (await through(source.flow)).getReader()
      let bytes = 0
      for (let reads = 0; reads < 3; reads++) bytes += (await reader.read()).value?.length ?? 0
      const ahead = async () => {
        const elsewhere = (await seam.inSockets?.()) ?? 0
        return Math.max(0, Math.ceil(source.given - bytes / CHUNK - elsewhere))
      }
      // What is on its way between a socket and its reader is nowhere to be seen: only at rest it counts.
      await still(ahead, seam.inSockets ? {} : { limit: row.bound })
      const held = await ahead()
      record(seam.row, held)
      if (fault) {
        // A platform that mends its fault fails here: then the table is to be mended.
        expect(held).toBeGreaterThan(row.bound)
        await reader.cancel()
        return
      }
      expect(held).toBeLessThanOrEqual(row.bound)
      // What was held back comes when it is asked for.
      for (const before = source.given; source.given <= before + 2; ) await reader.read()
      await reader.cancel()
      await still(() => source.closed.length, { until: 1 })
      await closedDown()
    })
  })
}

const WHOLE = wholeOf(40)
