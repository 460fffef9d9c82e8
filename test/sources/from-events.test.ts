import { dropNewest, dropOldest, fromEvents, map, QueueFullError, reject, toArray } from 'sluice'
import { describe, expect, it, vi } from 'vitest'
import { settle, soon } from '../contract/probe.ts'

const event = (detail: number) => new CustomEvent('x', { detail, cancelable: true })
const details = <E extends CustomEvent<number>>(stream: ReadableStream<E>) =>
  stream.pipeThrough(map(e => e.detail))

/** An EventTarget, and how many listeners it has now. */
function watched() {
  const target = new EventTarget()
  const live = new Set<unknown>()
  const add = vi.spyOn(target, 'addEventListener').mockImplementation((...args) => {
    live.add(args[1])
    EventTarget.prototype.addEventListener.apply(target, args)
  })
  vi.spyOn(target, 'removeEventListener').mockImplementation((...args) => {
    live.delete(args[1])
    EventTarget.prototype.removeEventListener.apply(target, args)
  })
  return { target, add, listeners: () => live.size }
}

/** A flow that has begun to listen and whose reader waits for nothing. */
async function listening(options?: Parameters<typeof fromEvents>[2]) {
  const { target, ...rest } = watched()
  const reader = details(fromEvents<CustomEvent<number>>(target, 'x', options as never)).getReader()
  const first = reader.read()
  await settle()
  target.dispatchEvent(event(0))
  await first
  return { target, reader, ...rest }
}

describe('fromEvents()', () => {
  it('listens from the first read on', async () => {
    const { target, listeners } = watched()
    const flow = fromEvents<CustomEvent<number>>(target, 'x')
    target.dispatchEvent(event(0))
    expect(listeners()).toBe(0)
    const reader = details(flow).getReader()
    const read = reader.read()
    await settle()
    expect(listeners()).toBe(1)
    target.dispatchEvent(event(1))
    expect(await read).toEqual({ done: false, value: 1 })
    await reader.cancel()
  })

  it('keeps events that nobody waits for, in order', async () => {
    const { target, reader } = await listening()
    for (const n of [1, 2, 3]) target.dispatchEvent(event(n))
    expect([await reader.read(), await reader.read(), await reader.read()].map(r => r.value)).toEqual([
      1, 2, 3,
    ])
    await reader.cancel()
  })

  it('fails with QueueFullError rather than lose an event silently, after the events it holds', async () => {
    const { target, reader, listeners } = await listening({ strategy: reject(2) })
    for (const n of [1, 2, 3, 4]) target.dispatchEvent(event(n))
    expect([await reader.read(), await reader.read()].map(r => r.value)).toEqual([1, 2])
    const failure = (await soon(reader.read())) as { error: QueueFullError }
    expect(failure.error).toBeInstanceOf(QueueFullError)
    expect(failure.error).toMatchObject({
      code: 'ERR_QUEUE_FULL',
      capacity: 2,
      stage: 'fromEvents(x)',
      item: { detail: 3 },
    })
    expect(listeners()).toBe(0)
  })

  it('drops the newest where it is told to, and says which', async () => {
    const dropped: [unknown, string][] = []
    const onDrop = (e: Event, reason: string) => dropped.push([(e as CustomEvent).detail, reason])
    const { target, reader } = await listening({ strategy: dropNewest(2), onDrop })
    for (const n of [1, 2, 3, 4]) target.dispatchEvent(event(n))
    expect([await reader.read(), await reader.read()].map(r => r.value)).toEqual([1, 2])
    expect(dropped).toEqual([
      [3, 'dropNewest'],
      [4, 'dropNewest'],
    ])
    await reader.cancel()
  })

  it('drops the oldest where it is told to', async () => {
    const { target, reader } = await listening({ strategy: dropOldest(2) })
    for (const n of [1, 2, 3, 4]) target.dispatchEvent(event(n))
    expect([await reader.read(), await reader.read()].map(r => r.value)).toEqual([3, 4])
    await reader.cancel()
  })

  it('removes its listener on cancel, with the same options', async () => {
    const { target, reader, listeners } = await listening({ capture: true })
    expect(listeners()).toBe(1)
    await reader.cancel()
    expect(listeners()).toBe(0)
    target.dispatchEvent(event(9))
    expect(target.removeEventListener).toHaveBeenCalledWith(
      'x',
      expect.any(Function),
      expect.objectContaining({ capture: true }),
    )
  })

  it('hands capture and passive to the target', async () => {
    const { add, reader } = await listening({ capture: true, passive: true })
    expect(add).toHaveBeenCalledWith('x', expect.any(Function), { capture: true, passive: true })
    await reader.cancel()
  })

  it('drains what it holds when `until` fires', async () => {
    const until = new AbortController()
    const { target, reader, listeners } = await listening({ until: until.signal })
    for (const n of [1, 2]) target.dispatchEvent(event(n))
    until.abort()
    target.dispatchEvent(event(3))
    await settle()
    expect(listeners()).toBe(0)
    reader.releaseLock()
  })

  it('ends at `until` for a reader that waits', async () => {
    const until = new AbortController()
    const target = new EventTarget()
    const all = toArray(details(fromEvents<CustomEvent<number>>(target, 'x', { until: until.signal })))
    await settle()
    target.dispatchEvent(event(1))
    until.abort()
    expect(await soon(all)).toEqual({ value: [1] })
  })

  it('fails with what onDrop throws', async () => {
    const thrown = new Error('thrown')
    const onDrop = () => {
      throw thrown
    }
    const { target, reader, listeners } = await listening({ strategy: dropNewest(1), onDrop })
    for (const n of [1, 2]) target.dispatchEvent(event(n))
    expect((await reader.read()).value).toBe(1)
    expect(await soon(reader.read())).toEqual({ error: thrown })
    expect(listeners()).toBe(0)
  })
})
