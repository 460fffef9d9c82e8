import { block, dropNewest, from, map, Stage, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { expectLaw, settle, soon } from './contract/probe.ts'

const doubling = { transform: (n: number, c: TransformStreamDefaultController<number>) => c.enqueue(n * 2) }

describe('new Stage()', () => {
  it('is the identity without a transformer', async () => {
    expect(await toArray(from([1, 2]).pipeThrough(new Stage<number>()))).toEqual([1, 2])
  })

  it('calls its transformer as TransformStream does', async () => {
    const calls: string[] = []
    const stage = new Stage<number, number>({
      start: () => void calls.push('start'),
      transform: (n, c) => (calls.push(`transform ${n}`), c.enqueue(n)),
      flush: () => void calls.push('flush'),
    })
    expect(calls).toEqual(['start'])
    await toArray(from([1, 2]).pipeThrough(stage))
    expect(calls).toEqual(['start', 'transform 1', 'transform 2', 'flush'])
  })

  it('calls the methods on the transformer itself', async () => {
    const transformer = {
      factor: 3,
      transform(n: number, controller: TransformStreamDefaultController<number>) {
        controller.enqueue(n * this.factor)
      },
    }
    expect(await toArray(from([1]).pipeThrough(new Stage(transformer)))).toEqual([3])
  })

  it('counts what goes through it', async () => {
    const stage = new Stage(doubling, { highWaterMark: 4 })
    await toArray(from([1, 2, 3]).pipeThrough(stage))
    expect(stage.stats()).toEqual({
      name: 'Stage',
      received: 3,
      queued: 0,
      inFlight: 0,
      done: 3,
      failed: 0,
      dropped: 0,
      rejected: 0,
      timedOut: 0,
      discarded: 0,
      emitted: 3,
      capacity: 4,
      utilization: 0,
    })
  })

  it.each(['throws', 'rejects'])('counts an item whose transform %s', async how => {
    const error = new Error('thrown')
    const stage = new Stage({
      transform() {
        if (how === 'rejects') return Promise.reject(error)
        throw error
      },
    })
    expect(await soon(toArray(from([1]).pipeThrough(stage)))).toEqual({ error })
    expect(stage.stats()).toMatchObject({ received: 1, done: 0, failed: 1, emitted: 0 })
    expectLaw(stage)
  })

  it('takes a strategy of this library as its inbox', async () => {
    const stage = new Stage(doubling, dropNewest(2))
    const writer = stage.writable.getWriter()
    for (const n of [1, 2, 3, 4]) writer.write(n)
    expect(stage.stats()).toMatchObject({ received: 4, queued: 2, dropped: 2, capacity: 2, utilization: 1 })
    writer.close()
    expect(await soon(toArray(stage.readable))).toEqual({ value: [2, 4] })
    expectLaw(stage)
  })
})

describe('stage.stats()', () => {
  it('can be handed around', () => {
    const { stats } = map((n: number) => n, { name: 'mine' })
    expect(stats()).toMatchObject({ name: 'mine', received: 0 })
  })

  it('says what is inside while it runs', async () => {
    const stage = map((n: number) => new Promise<number>(() => n), { strategy: block(3), concurrency: 2 })
    const reader = from([1, 2, 3, 4, 5, 6, 7]).pipeThrough(stage).getReader()
    reader.read()
    await settle()
    expect(stage.stats()).toMatchObject({
      received: 5,
      queued: 3,
      inFlight: 2,
      done: 0,
      capacity: 3,
      utilization: 1,
    })
    await reader.cancel()
    expect(stage.stats()).toMatchObject({ received: 5, queued: 0, inFlight: 0, discarded: 5, utilization: 0 })
  })

  it('is a snapshot that later items do not change', async () => {
    const stage = map((n: number) => n)
    const before = stage.stats()
    await toArray(from([1, 2]).pipeThrough(stage))
    expect(before.received).toBe(0)
    expect(stage.stats().received).toBe(2)
  })

  it('counts each fused stage by itself', async () => {
    const [first, second] = [map((n: number) => n), map((n: number) => n)]
    const flow = from([1, 2, 3]).pipeThrough(first).pipeThrough(second)
    for await (const n of flow) if (n === 2) break
    expect([first.stats().received, second.stats().received, second.stats().emitted]).toEqual([2, 2, 2])
  })
})

describe('Stage.prototype', () => {
  it('has the accessors of TransformStream.prototype itself', () => {
    for (const side of ['readable', 'writable']) {
      const { get } = Object.getOwnPropertyDescriptor(Stage.prototype, side) ?? {}
      expect(get?.call(new Stage())).toBeInstanceOf(side === 'readable' ? ReadableStream : WritableStream)
    }
  })
})

describe('instanceof Stage', () => {
  it('holds for stages from functions and from the constructor, and for nothing else', () => {
    for (const stage of [map(n => n), new Stage(), new Stage({}, block(1))])
      expect(stage).toBeInstanceOf(Stage)
    for (const other of [new TransformStream(), {}, null, 1]) expect(other instanceof Stage).toBe(false)
  })

  it('of a subclass is the platform’s own', () => {
    class Mine extends Stage {}
    expect(new Mine()).toBeInstanceOf(Mine)
    expect(new Mine()).toBeInstanceOf(Stage)
    expect(map(n => n) instanceof Mine).toBe(false)
  })
})
