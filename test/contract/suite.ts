import {
  block,
  dropNewest,
  dropOldest,
  Flow,
  forEach,
  from,
  reject,
  Stage,
  spill,
  timeout,
  toArray,
} from 'sluice'
import { describe, expect, it } from 'vitest'
import { MemoryStore } from '../policies/spill/memory-store.ts'
import { liveTimers } from '../setup/live-timers.ts'
import type { StageEntry } from './enrolled-stages.ts'
import {
  countedSignal,
  endless,
  expectLaw,
  KINDS,
  type Kind,
  outcome,
  probe,
  REASONS,
  readAll,
  settle,
  soon,
} from './probe.ts'

const inputsOf = (entry: StageEntry, count: number): unknown[] =>
  Array.from({ length: count }, (_, n) => entry.input?.(n) ?? n)
const spilling = (memory: number) => spill(new MemoryStore(), { memory, maxBytes: 1e6 })
const unending = (entry: StageEntry) => entry.makeEndless ?? entry.make
const modelOf = (entry: StageEntry, items: unknown[]): unknown[] => entry.model?.(items) ?? items

/** What every stage does, whatever its operator. */
export function stageContract(entry: StageEntry): void {
  const inputs = (count: number) => inputsOf(entry, count)
  const model = (items: unknown[]) => modelOf(entry, items)
  describe.each(KINDS)('after a %s source', kind => {
    flows(entry, kind, inputs, model)
    failures(entry, kind, inputs, model)
    endings(entry, kind, inputs)
  })
  standing(entry, inputs, model)
}

type Inputs = (count: number) => unknown[]
type Model = (items: unknown[]) => unknown[]

function flows(entry: StageEntry, kind: Kind, inputs: Inputs, model: Model): void {
  it('gives what the array model gives, in order', async () => {
    const up = probe(kind, inputs(10))
    const stage = entry.make()
    expect(await soon(toArray(up.stream.pipeThrough(stage)))).toEqual({ value: model(inputs(10)) })
    await settle()
    expect(up.stream.locked).toBe(false)
    expectLaw(stage)
    expect(stage.stats()).toMatchObject({ queued: 0, inFlight: 0, emitted: model(inputs(10)).length })
  })

  it('ends on empty input', async () => {
    expect(await soon(toArray(probe(kind, []).stream.pipeThrough(entry.make())))).toEqual({
      value: model([]),
    })
  })

  // A store keeps the order in which items came.
  const inOrder = entry.variant === 'with priorities' ? [] : [spilling]
  it.each([block, dropNewest, dropOldest, reject, (n: number) => timeout(n, 1000), ...inOrder])(
    'loses nothing while its inbox has room (%o)',
    async strategy => {
      const stage = entry.make({ strategy: strategy(100) })
      expect(await soon(toArray(probe(kind, inputs(10)).stream.pipeThrough(stage)))).toEqual({
        value: model(inputs(10)),
      })
      expectLaw(stage)
    },
  )

  it('holds its bound while nobody reads, and while somebody reads', async () => {
    const up = probe(
      kind,
      endless(n => entry.input?.(n) ?? n),
    )
    const stage = unending(entry)({ strategy: block(2) })
    const reader = up.stream.pipeThrough(stage).getReader()
    // The platform's pipe holds a chunk in its hand, and the platform's stage runs ahead of its reader.
    const ahead = 2 + (kind === 'native' || entry.platform ? 2 : 0)
    await settle()
    expect(up.pulled).toBeLessThanOrEqual(ahead)
    for (let reads = 0; reads < 2; reads++) {
      await reader.read()
      expect(stage.stats().queued).toBeLessThanOrEqual(2)
      await settle()
      expect(stage.stats().queued).toBeLessThanOrEqual(2)
      expectLaw(stage)
      expect(up.pulled - stage.stats().received).toBeLessThanOrEqual(2)
    }
    await reader.cancel()
  })

  if (!entry.eager) {
    it('pulls nothing before somebody reads', async () => {
      const up = probe(kind, inputs(5))
      const flow = up.stream.pipeThrough(entry.make())
      await settle()
      // The platform's pipe takes the one chunk that every WritableStream makes room for.
      expect(up.pulled).toBe(kind === 'fused' ? 0 : 1)
      await flow.cancel()
    })
  }

  it('gives the same items in front of platform streams', async () => {
    const seen: unknown[] = []
    const flow = probe(kind, inputs(10)).stream.pipeThrough(entry.make()).pipeThrough(new TransformStream())
    const written = flow.pipeTo(new WritableStream({ write: item => void seen.push(item) }))
    expect(await soon(written)).toEqual({ value: undefined })
    expect(seen).toEqual(model(inputs(10)))
  })

  it('gives all items to both branches of a tee', async () => {
    const [left, right] = probe(kind, inputs(6)).stream.pipeThrough(entry.make()).tee()
    const both = await soon(Promise.all([toArray(left), toArray(right)]))
    expect(both).toEqual({ value: [model(inputs(6)), model(inputs(6))] })
  })
}

function failures(entry: StageEntry, kind: Kind, inputs: Inputs, model: Model): void {
  it.each(REASONS)('hands the source’s error %s on, after the items before it', async error => {
    const up = probe(kind, inputs(2), { error })
    const stage = entry.make()
    const result = (await soon(readAll(up.stream.pipeThrough(stage)))) as {
      value: Awaited<ReturnType<typeof readAll>>
    }
    expect(result).not.toBe('pending')
    expect(result.value.failed).toBe(true)
    expect(result.value.error).toBe(error)
    const expected = (entry.beforeError ?? model)(inputs(2))
    // A platform stream that fails forgets what it had queued.
    if (entry.platform) expect(expected.slice(0, result.value.items.length)).toEqual(result.value.items)
    else expect(result.value.items).toEqual(expected)
    await settle()
    expectLaw(stage)
    expect(stage.stats()).toMatchObject({ queued: 0, inFlight: 0 })
    expect(up.stream.locked).toBe(false)
  })

  it.each(REASONS)('hands the reader’s reason %s back to the source', async reason => {
    const up = probe(
      kind,
      endless(n => entry.input?.(n) ?? n),
    )
    const stage = unending(entry)()
    const reader = up.stream.pipeThrough(stage).getReader()
    await reader.read()
    expect(await soon(reader.cancel(reason))).toEqual({ value: undefined })
    await settle()
    expect(up.closed).toEqual([reason])
    expect(up.closed[0]).toBe(reason)
    expect(up.stream.locked).toBe(false)
    expectLaw(stage)
    expect(stage.stats()).toMatchObject({ queued: 0, inFlight: 0 })
  })

  const { calling } = entry
  if (!calling) return
  it.each(REASONS)('fails both ways with what its function throws: %s', async error => {
    let calls = 0
    const spy = () => {
      if (++calls === 3) throw error
    }
    const input = (n: number) => entry.callingInput?.(n, spy) ?? entry.input?.(n) ?? n
    const up = probe(kind, endless(input))
    const stage = calling(spy)
    const result = (await soon(readAll(up.stream.pipeThrough(stage)))) as {
      value: Awaited<ReturnType<typeof readAll>>
    }
    expect(result).not.toBe('pending')
    expect(result.value.failed).toBe(true)
    expect(result.value.error).toBe(error)
    expect(result.value.items.length).toBeLessThanOrEqual(2)
    await settle()
    expect(up.closed).toEqual([error])
    expect(up.closed[0]).toBe(error)
    expect(up.stream.locked).toBe(false)
    expectLaw(stage)
    expect(stage.stats()).toMatchObject({ queued: 0, inFlight: 0 })
  })
}

function endings(entry: StageEntry, kind: Kind, inputs: Inputs): void {
  it('closes the source once when a loop breaks', async () => {
    const up = probe(
      kind,
      endless(n => entry.input?.(n) ?? n),
    )
    const stage = unending(entry)()
    const loop = async () => {
      for await (const _ of up.stream.pipeThrough(stage)) break
      return up.closed.length
    }
    const atOnce = await soon(loop())
    // The platform's pipe closes its source in the background.
    if (kind === 'fused' && !entry.platform) expect(atOnce).toEqual({ value: 1 })
    await settle()
    expect(up.closed.length).toBe(1)
    expect(up.stream.locked).toBe(false)
    expectLaw(stage)
  })

  it('takes nothing when it is aborted before it began', async () => {
    const up = probe(kind, inputs(5))
    const { controller, signal, ...counted } = countedSignal()
    controller.abort()
    const flow = up.stream.pipeThrough(entry.make())
    expect(await soon(toArray(flow, { signal }))).toEqual({ error: signal.reason })
    await settle()
    expect(up.closed).toEqual([signal.reason])
    const ahead = entry.platform ? 4 : 2
    expect(up.pulled).toBeLessThanOrEqual(kind === 'fused' && !entry.eager ? 0 : ahead)
    expect(counted.listeners).toBe(0)
  })

  it.each(REASONS.filter(reason => reason !== undefined))(
    'stops when it is aborted with %s',
    async reason => {
      const before = liveTimers()
      const up = probe(
        kind,
        endless(n => entry.input?.(n) ?? n),
      )
      const counted = countedSignal()
      const { controller, signal } = counted
      const stage = unending(entry)()
      const done = forEach(up.stream.pipeThrough(stage), () => controller.abort(reason), { signal })
      const result = (await soon(done)) as { error: unknown }
      expect(result).toHaveProperty('error')
      expect(result.error).toBe(reason)
      await settle()
      expect(up.closed).toEqual([reason])
      expect(up.stream.locked).toBe(false)
      expect(counted.listeners).toBe(0)
      expectLaw(stage)
      expect(stage.stats()).toMatchObject({ queued: 0, inFlight: 0 })
      expect(liveTimers()).toBeLessThanOrEqual(before)
    },
  )

  it('is aborted through the signal of a pipe', async () => {
    const up = probe(
      kind,
      endless(n => entry.input?.(n) ?? n),
    )
    const controller = new AbortController()
    const reader = up.stream.pipeThrough(unending(entry)(), { signal: controller.signal }).getReader()
    await reader.read()
    const reason = new Error('abort')
    controller.abort(reason)
    // As on the platform, chunks that the pipe has read already are written before it aborts.
    const read = async () => {
      for (let left = 10; left > 0; left--) await reader.read()
    }
    expect(await soon(read())).toEqual({ error: reason })
    await settle()
    expect(up.closed).toEqual([reason])
  })
}

/** Without a source: the two sides themselves. */
function standing(entry: StageEntry, inputs: Inputs, model: Model): void {
  it('is a TransformStream with a Flow to read', () => {
    const stage = entry.make()
    expect(stage).toBeInstanceOf(Stage)
    expect(stage).toBeInstanceOf(TransformStream)
    expect(stage.readable).toBeInstanceOf(Flow)
    expect(stage.writable).toBeInstanceOf(WritableStream)
  })

  it('works through getWriter and getReader', async () => {
    const stage = entry.make()
    const writer = stage.writable.getWriter()
    const read = readAll(stage.readable)
    const write = async () => {
      for (const item of inputs(3)) {
        await writer.ready
        await writer.write(item)
      }
      await writer.close()
    }
    expect(await soon(write())).toEqual({ value: undefined })
    expect(await soon(read)).toEqual({ value: { items: model(inputs(3)), failed: false } })
    expectLaw(stage)
  })

  it.each(REASONS)('gives its reader the reason of writer.abort(): %s', async reason => {
    const stage = entry.make()
    const writer = stage.writable.getWriter()
    const read = readAll(stage.readable)
    const closed = outcome(writer.closed)
    expect(await soon(writer.abort(reason))).toEqual({ value: undefined })
    const result = (await soon(read)) as { value: Awaited<ReturnType<typeof readAll>> }
    expect(result).toEqual({ value: { items: [], failed: true, error: reason } })
    expect(result.value.error).toBe(reason)
    expect(await closed).toEqual({ error: reason })
  })

  it('is used once: a second pipe throws and leaves its source unlocked', async () => {
    const stage = entry.make()
    const flow = from(inputs(3)).pipeThrough(stage)
    for (const second of [from(inputs(3)), probe('native', inputs(3)).stream]) {
      expect(() => second.pipeThrough(stage)).toThrow(TypeError)
      expect(second.locked).toBe(false)
    }
    expect(await soon(toArray(flow))).toEqual({ value: model(inputs(3)) })
  })

  it('refuses a locked source, and stays usable', async () => {
    const stage = entry.make()
    for (const source of [from(inputs(3)), probe('native', inputs(3)).stream]) {
      source.getReader()
      expect(() => source.pipeThrough(stage)).toThrow(TypeError)
    }
    expect(await soon(toArray(from(inputs(3)).pipeThrough(stage)))).toEqual({ value: model(inputs(3)) })
  })

  it('refuses a pipe while somebody writes', () => {
    const stage = entry.make()
    stage.writable.getWriter()
    const source = from(inputs(3))
    expect(() => source.pipeThrough(stage)).toThrow(TypeError)
    expect(source.locked).toBe(false)
  })
}
