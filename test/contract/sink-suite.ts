import { map } from 'sluice'
import { describe, expect, it } from 'vitest'
import type { SinkEntry } from './enrolled-sinks.ts'
import { countedSignal, endless, KINDS, type Kind, probe, REASONS, settle, soon } from './probe.ts'

const numbers = () => endless(n => n)
/** What an entry is given for these numbers. */
const inputs = (entry: SinkEntry, items: number[]) => items.map(n => (entry.input?.(n) ?? n) as number)

/** What every sink and collector does. */
export function sinkContract(entry: SinkEntry): void {
  describe.each(KINDS)('on a %s stream', kind => {
    consuming(entry, kind)
    failing(entry, kind)
    aborted(entry, kind)
  })
}

function consuming(entry: SinkEntry, kind: Kind): void {
  it('takes the items in order, and gives the stream back unlocked', async () => {
    const up = probe(kind, inputs(entry, [1, 2, 3]))
    expect(await soon(entry.consume(up.stream))).toEqual({ value: entry.model([1, 2, 3]) })
    await settle()
    expect(up.stream.locked).toBe(false)
    expect(up.closed).toEqual(entry.early ? [undefined] : [])
  })

  it('takes them behind a stage, fused or not', async () => {
    expect(
      await soon(
        entry.consume(
          probe(kind, [1, 2, 3]).stream.pipeThrough(map(n => inputs(entry, [n * 2])[0] as number)),
        ),
      ),
    ).toEqual({
      value: entry.model([2, 4, 6]),
    })
    expect(
      await soon(
        entry.consume(probe(kind, inputs(entry, [1, 2, 3])).stream.pipeThrough(new TransformStream())),
      ),
    ).toEqual({
      value: entry.model([1, 2, 3]),
    })
  })

  it('ends on empty input', async () => {
    expect(await soon(entry.consume(probe(kind, []).stream))).toEqual({ value: entry.model([]) })
  })

  it('rejects on a locked stream, and leaves it as it is', async () => {
    const up = probe(kind, [1])
    const reader = up.stream.getReader()
    expect(await soon(entry.consume(up.stream))).toEqual({ error: expect.any(TypeError) })
    expect(await reader.read()).toEqual({ done: false, value: 1 })
  })
}

function failing(entry: SinkEntry, kind: Kind): void {
  it.each(REASONS)('rejects with the stream’s very error %s', async error => {
    const up = probe(kind, [], { error })
    const result = (await soon(entry.consume(up.stream))) as { error: unknown }
    expect(result).toHaveProperty('error')
    expect(result.error).toBe(error)
    await settle()
    expect(up.stream.locked).toBe(false)
  })

  const { calling } = entry
  if (!calling) return
  it.each(REASONS)(
    'rejects with what its function throws, and cancels the stream with it: %s',
    async error => {
      const up = probe(kind, numbers())
      const seen: number[] = []
      const spy = (n: number) => {
        if (seen.push(n) === 3) throw error
      }
      const result = (await soon(calling(up.stream, spy))) as { error: unknown }
      expect(result).toHaveProperty('error')
      expect(result.error).toBe(error)
      expect(seen.slice(0, 3)).toEqual([0, 1, 2])
      await settle()
      expect(up.closed).toEqual([error])
      expect(up.closed[0]).toBe(error)
      expect(up.stream.locked).toBe(false)
    },
  )

  it('gives its function each item once, in order', async () => {
    const seen: number[] = []
    await soon(calling(probe(kind, [1, 2, 3, 4, 5]).stream, n => void seen.push(n)))
    expect(seen).toEqual([1, 2, 3, 4, 5])
  })
}

function aborted(entry: SinkEntry, kind: Kind): void {
  it('takes nothing when it is aborted before it began', async () => {
    const up = probe(kind, numbers())
    const counted = countedSignal()
    counted.controller.abort(null)
    expect(await soon(entry.consume(up.stream, { signal: counted.signal }))).toEqual({ error: null })
    await settle()
    expect(up.pulled).toBe(0)
    expect(up.closed).toEqual([null])
    expect(up.stream.locked).toBe(false)
    expect(counted.listeners).toBe(0)
  })

  it.each(REASONS.filter(reason => reason !== undefined))(
    'stops when it is aborted with %s',
    async reason => {
      const counted = countedSignal()
      // A stream that never gives its first item: the abort alone can end this.
      const closed: unknown[] = []
      const silent = new ReadableStream<number>(
        { cancel: given => void closed.push(given) },
        { highWaterMark: 0 },
      )
      const stream = kind === 'fused' ? silent.pipeThrough(map(n => n)) : silent
      const done = entry.consume(stream, { signal: counted.signal })
      await settle()
      counted.controller.abort(reason)
      const result = (await soon(done)) as { error: unknown }
      expect(result).toHaveProperty('error')
      expect(result.error).toBe(reason)
      await settle()
      expect(closed).toEqual([reason])
      expect(stream.locked).toBe(false)
      expect(counted.listeners).toBe(0)
    },
  )

  it('lets go of the signal at the end', async () => {
    const counted = countedSignal()
    await soon(entry.consume(probe(kind, inputs(entry, [1])).stream, { signal: counted.signal }))
    await soon(entry.consume(probe(kind, [], { error: 0 }).stream, { signal: counted.signal }))
    expect(counted.listeners).toBe(0)
  })
}
