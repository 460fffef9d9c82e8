import fc from 'fast-check'
import { from, window } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectLaw } from '../contract/probe.ts'
import { runs } from '../setup/runs.ts'
import { busy, manualClock, timed } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

/** Items 0, 1, 2, … by `size`. */
function chunks(count: number, size: number): number[][] {
  const all: number[][] = []
  for (let at = 0; at < count; at += size)
    all.push(Array.from({ length: Math.min(size, count - at) }, (_, n) => at + n))
  return all
}

describe('window()', () => {
  it('deals items out by their number, whatever is read of each window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(30),
        fc.integer({ min: 1, max: 6 }),
        // How many items are read of each window before it is cancelled; beyond its size: all.
        fc.array(fc.nat(8), { maxLength: 12 }),
        fc.boolean(),
        async (count, size, plan, native) => {
          const dropped: number[] = []
          const stage = window<number>({
            size,
            onDrop: (item, reason) => dropped.push(item + (reason === 'window' ? 0 : 1000)),
          })
          let pulled = 0
          const items = function* () {
            for (; pulled < count; pulled++) yield pulled
          }
          const source = native
            ? new ReadableStream<number>(
                { pull: c => (pulled < count ? c.enqueue(pulled++) : c.close()) },
                { highWaterMark: 0 },
              )
            : from(items)
          const given: number[][] = []
          let taken = 0
          for await (const items of source.pipeThrough(stage)) {
            const wanted = plan[given.length] ?? Infinity
            const mine: number[] = []
            given.push(mine)
            const reader = items.getReader()
            while (mine.length < wanted) {
              const { inFlight } = stage.stats()
              expect(inFlight).toBeLessThanOrEqual(1)
              expectLaw(stage)
              const { done, value } = await reader.read()
              if (done) break
              mine.push(value)
              taken++
            }
            if (mine.length >= wanted) await reader.cancel()
            // Nothing is read ahead of the window's reader but what nobody wants any more.
            expect(stage.stats().received).toBeLessThanOrEqual(taken + dropped.length + 1)
          }
          const all = chunks(count, size)
          expect(given).toEqual(all.map((chunk, at) => chunk.slice(0, plan[at] ?? size)))
          expect(dropped).toEqual(all.flatMap((chunk, at) => chunk.slice(plan[at] ?? size)))
          expect(stage.stats()).toMatchObject({
            received: count,
            done: taken,
            dropped: dropped.length,
            discarded: 0,
            emitted: all.length,
          })
        },
      ),
      { numRuns: runs(150) },
    )
  })

  it('closes a window when it is full and when its time is over, whichever comes first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 4 })),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.oneof(fc.constant(0), fc.nat(5), fc.nat(40)), { maxLength: 12 }),
        fc.record({ work: fc.oneof(fc.constant(0), fc.nat(15)), end: fc.nat(30) }),
        async (size, time, pauses, pace) => {
          const start = performance.now()
          const read: Read[] = []
          await timed(window<number>({ size, time }), pauses, {
            ...pace,
            use: async flow => {
              const items: number[] = []
              const opened = performance.now() - start
              for await (const item of flow) {
                items.push(item)
                await busy(pace.work)
              }
              read.push({ items, opened, closed: performance.now() - start })
            },
          })
          expect(read).toEqual(timeModel(size, time, pauses, pace))
        },
      ),
      { numRuns: runs(150) },
    )
  })
})

/** A window as its reader saw it. */
interface Read {
  readonly items: number[]
  readonly opened: number
  readonly closed: number
}

/** Millisecond by millisecond: the reader takes `work` ms for each item, and reads one window after the other. */
function timeModel(
  size: number,
  time: number,
  pauses: readonly number[],
  { work, end }: { readonly work: number; readonly end: number },
): Read[] {
  const read: Read[] = []
  const arrivals: number[] = []
  for (const pause of pauses) arrivals.push((arrivals.at(-1) ?? 0) + pause)
  const endsAt = (arrivals.at(-1) ?? 0) + end
  const waiting: number[] = []
  let open: { items: number[]; opened: number } | undefined
  let busyUntil = 0
  let ended = false
  const look = (now: number): void => {
    while (now >= busyUntil) {
      const over = ended && waiting.length === 0
      if (open && (over || open.items.length === size || now >= open.opened + time)) {
        read.push({ ...open, closed: now })
        open = undefined
      } else if (waiting.length > 0) {
        open ??= { items: [], opened: now }
        open.items.push(waiting.shift() as number)
        busyUntil = now + work
      } else break
    }
  }
  for (let now = 0, next = 0; now <= endsAt || open || waiting.length > 0; now++) {
    look(now)
    for (; arrivals[next] === now; next++) {
      waiting.push(next)
      look(now)
    }
    if (now === endsAt) ended = true
    look(now)
  }
  return read
}
