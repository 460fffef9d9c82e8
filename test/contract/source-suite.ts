import { Flow, forEach, map, toArray } from 'sluice'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { liveTimers } from '../setup/live-timers.ts'
import type { OpenSource, SourceEntry } from './enrolled-sources.ts'
import { countedSignal, type Outcome, outcome, REASONS, readAll, settle, soon } from './probe.ts'

/** The promise's outcome, with the source ticking meanwhile; 'pending' when nothing comes of it. */
async function ticking<T>(
  promise: PromiseLike<T>,
  { tick }: Pick<OpenSource, 'tick'>,
): Promise<Outcome<T> | 'pending'> {
  let result: Outcome<T> | undefined
  outcome(promise).then(ended => {
    result = ended
  })
  for (let turn = 0; turn < 40 && !result; turn++) {
    await settle(2)
    if (!result) tick?.()
  }
  return result ?? 'pending'
}

/** The first three items, then the loop breaks. */
async function three(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of stream) if (items.push(item) === 3) break
  return items
}

const running = () => (vi.isFakeTimers() ? vi.getTimerCount() : liveTimers())

/** What every source does. */
export function sourceContract(entry: SourceEntry): void {
  afterEach(() => {
    vi.useRealTimers()
  })
  giving(entry)
  if (!entry.plain) describe('with signals', () => signalled(entry))
}

function giving(entry: SourceEntry): void {
  it('is a Flow', () => {
    expect(entry.open({}).flow).toBeInstanceOf(Flow)
    expect(entry.open({}).flow).toBeInstanceOf(ReadableStream)
  })

  it('gives its items in order, to whoever reads', async () => {
    const readers: ((flow: ReadableStream<unknown>) => Promise<unknown[]>)[] = [
      three,
      async flow => {
        const reader = flow.getReader()
        const items = [await reader.read(), await reader.read(), await reader.read()].map(
          result => result.value,
        )
        await reader.cancel()
        return items
      },
      flow => three(flow.pipeThrough(map(item => item))),
      flow => three(flow.pipeThrough(new TransformStream())),
      flow => {
        const [left, right] = flow.tee()
        right.cancel()
        return three(left)
      },
    ]
    for (const read of readers) {
      const source = entry.open({})
      expect(await ticking(read(source.flow), source)).toEqual({ value: [0, 1, 2] })
    }
  })

  it('answers several reads at once in their order', async () => {
    const source = entry.open({})
    const reader = source.flow.getReader()
    const reads = Promise.all([reader.read(), reader.read(), reader.read()])
    expect(await ticking(reads, source)).toEqual({ value: [0, 1, 2].map(value => ({ done: false, value })) })
    await reader.cancel()
  })

  if (entry.ends) {
    it('ends after its last item and is unlocked', async () => {
      const { flow, closed } = entry.open({})
      expect(await soon(toArray(flow))).toEqual({ value: [0, 1, 2] })
      expect(flow.locked).toBe(false)
      expect(closed ?? []).toEqual([])
      expect(await soon(toArray(flow))).toEqual({ value: [] })
    })
  }

  it('is closed once when a loop breaks, before the loop is left', async () => {
    const before = running()
    const source = entry.open({})
    const loop = async () => {
      for await (const _ of source.flow) break
      return source.closed?.length ?? 1
    }
    expect(await ticking(loop(), source)).toEqual({ value: 1 })
    await settle()
    expect(source.closed?.length ?? 1).toBe(1)
    expect(running()).toBeLessThanOrEqual(before)
  })

  it.each(REASONS)('is closed with the reason of cancel(): %s', async reason => {
    for (const reads of [0, 1]) {
      const source = entry.open({})
      const reader = source.flow.getReader()
      for (let read = 0; read < reads; read++) await ticking(reader.read(), source)
      expect(await soon(reader.cancel(reason))).toEqual({ value: undefined })
      await settle()
      if (!source.closed) continue
      // What a function or a promise will give is not there yet: there is nothing to close.
      const late = reads === 0 && /function|promise/.test(entry.variant ?? '')
      expect(source.closed.length).toBe(late ? source.closed.length : 1)
      for (const given of source.closed) if (!late) expect(given).toBe(reason)
    }
  })

  const { failing } = entry
  if (!failing) return
  it.each(REASONS)('fails with the very error %s, after the items before it', async error => {
    const direct = (await soon(readAll(failing(error)))) as { value: Awaited<ReturnType<typeof readAll>> }
    expect(direct).toEqual({ value: { items: [0, 1], failed: true, error } })
    expect(direct.value.error).toBe(error)
    const seen: unknown[] = []
    expect(await soon(forEach(failing(error), item => seen.push(item)))).toEqual({ error })
    expect(seen).toEqual([0, 1])
  })
}

function signalled(entry: SourceEntry): void {
  it('ends when `until` fires, and what was given is kept', async () => {
    const before = running()
    const until = countedSignal()
    const source = entry.open({ until: until.signal })
    const items: unknown[] = []
    const done = forEach(source.flow, item => {
      if (items.push(item) === 2) until.controller.abort()
    })
    expect(await ticking(done, source)).toEqual({ value: undefined })
    expect(items).toEqual([0, 1])
    await settle()
    expect(source.closed ?? [undefined]).toEqual([undefined])
    expect(until.listeners).toBe(0)
    expect(running()).toBeLessThanOrEqual(before)
  })

  it('ends at `until` while a read waits, and while nobody reads', async () => {
    const before = running()
    const until = new AbortController()
    const { flow } = entry.open({ until: until.signal })
    const reader = flow.getReader()
    until.abort()
    expect(await soon(reader.read())).toEqual({ value: { done: true, value: undefined } })
    expect(await soon(toArray(entry.open({ until: until.signal }).flow))).toEqual({ value: [] })
    expect(running()).toBeLessThanOrEqual(before)
  })

  it.each(REASONS.filter(reason => reason !== undefined))(
    'fails with the reason of `signal`: %s',
    async reason => {
      const abort = countedSignal()
      const source = entry.open({ signal: abort.signal })
      const items: unknown[] = []
      const done = forEach(source.flow, item => {
        if (items.push(item) === 2) abort.controller.abort(reason)
      })
      const result = (await ticking(done, source)) as { error: unknown }
      expect(result).toHaveProperty('error')
      expect(result.error).toBe(reason)
      expect(items).toEqual([0, 1])
      await settle()
      expect(source.closed ?? [reason]).toEqual([reason])
      expect(abort.listeners).toBe(0)
    },
  )

  it('fails at once when `signal` has fired before', async () => {
    const signal = AbortSignal.abort(new Error('before'))
    const source = entry.open({ signal })
    expect(await soon(toArray(source.flow))).toEqual({ error: signal.reason })
  })

  it('lets go of its signals when it ends, and when it is cancelled', async () => {
    const [until, abort] = [countedSignal(), countedSignal()]
    const options = { until: until.signal, signal: abort.signal }
    const source = entry.open(options)
    await ticking(three(source.flow), source)
    await entry.open(options).flow.cancel()
    if (entry.ends) await toArray(entry.open(options).flow)
    expect([until.listeners, abort.listeners]).toEqual([0, 0])
  })

  it('refuses what is no AbortSignal', () => {
    expect(() => entry.open({ until: 1 as never })).toThrow(TypeError)
    expect(() => entry.open({ signal: {} as never })).toThrow(TypeError)
  })
}
