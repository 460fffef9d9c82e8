import { forEach, from, tap, toArray, transform } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../src/internal/deferred.ts'
import { loopOf, settle } from '../contract/probe.ts'
import { error, opened, states } from './transform-tools.ts'

describe('transform() start', () => {
  it('is called at once, and throws what it throws', () => {
    expect(() =>
      transform({
        start() {
          throw error
        },
      }),
    ).toThrow(error)
  })

  it('may enqueue: its chunks come first', async () => {
    const { writer, reader, controller } = opened({ start: c => (c.enqueue('a'), c.enqueue('b')) })
    expect(controller.desiredSize).toBe(-2)
    writer.write(1)
    expect(await states(reader.read(), reader.read(), reader.read())).toEqual(['a', 'b', 1])
    expect(controller.desiredSize).toBe(0)
  })

  it('holds the first chunk until its promise has settled', async () => {
    const started = deferred()
    const { writer, reader, said } = opened({ start: () => started.promise })
    const [write, read] = [writer.write(1), reader.read()]
    await settle()
    expect(said).toEqual([])
    started.resolve()
    expect(await states(write, read)).toEqual([undefined, 1])
  })

  it('holds the end of an empty stream until its promise has settled', async () => {
    const started = deferred()
    const { writer, reader, said } = opened({ start: () => started.promise })
    const closed = writer.close()
    expect(await states(closed, reader.closed)).toEqual(['…', '…'])
    started.resolve()
    expect(await states(closed, reader.closed)).toEqual([undefined, undefined])
    expect(said).toEqual(['flush'])
  })

  it('fails both sides when its promise rejects', async () => {
    const { writer, reader, said } = opened({ start: () => Promise.reject(error) })
    expect(await states(writer.closed, reader.read(), writer.write(1))).toEqual([
      '!error',
      '!error',
      '!error',
    ])
    expect(said).toEqual([])
  })
})

describe('transform() transform', () => {
  it('passes chunks on where it is missing', async () => {
    const stage = transform<number, number>()
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    const [write, closed] = [writer.write(1), writer.close()]
    expect(await states(reader.read(), reader.read(), write, closed)).toEqual([
      1,
      'done',
      undefined,
      undefined,
    ])
  })

  it('is not called before somebody reads', async () => {
    const { writer, reader, said } = opened({})
    const write = writer.write(1)
    expect(await states(write)).toEqual(['…'])
    expect(said).toEqual([])
    expect(await states(write, reader.read())).toEqual([undefined, 1])
  })

  it('is not called for the next chunk while what it enqueued waits', async () => {
    const { writer, reader, said, controller } = opened({
      transform: (n, c) => (c.enqueue(n), c.enqueue(-n)),
    })
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(reader.read(), ...writes)).toEqual([1, undefined, '…'])
    expect(controller.desiredSize).toBe(-1)
    expect(await states(reader.read(), ...writes)).toEqual([-1, undefined, '…'])
    expect(said).toEqual([1])
    expect(await states(reader.read(), ...writes)).toEqual([2, undefined, undefined])
  })

  it('is not called for the next chunk while its promise is awaited, also when it has enqueued', async () => {
    const work = deferred()
    const { writer, reader, said } = opened({ transform: (n, c) => (c.enqueue(n), work.promise) })
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(reader.read(), reader.read(), ...writes)).toEqual([1, '…', '…', '…'])
    expect(said).toEqual([1])
    work.resolve()
    expect(await states(...writes)).toEqual([undefined, undefined])
    expect(said).toEqual([1, 2])
  })

  it('takes the next chunk after one that it gave nothing for', async () => {
    const { writer, reader } = opened({ transform: (n, c) => void (n === 2 && c.enqueue(n)) })
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(reader.read(), ...writes)).toEqual([2, undefined, undefined])
  })

  it('may enqueue while nobody reads: its chunk waits', async () => {
    const { reader, controller } = opened({})
    controller.enqueue('a')
    expect(controller.desiredSize).toBe(-1)
    expect(await states(reader.read())).toEqual(['a'])
    expect(controller.desiredSize).toBe(0)
  })

  it('may enqueue while no chunk is at work', async () => {
    const { reader, controller } = opened({})
    const read = reader.read()
    await settle()
    controller.enqueue('a')
    controller.enqueue('b')
    expect(await states(read, reader.read(), reader.read())).toEqual(['a', 'b', '…'])
  })

  it.each([
    ['rejects', () => Promise.reject(error)],
    [
      'throws',
      () => {
        throw error
      },
    ],
  ])('fails both sides when it %s, and what waits is lost', async (_, fail) => {
    const { writer, reader, controller, said } = opened({
      transform: (n, c) => (c.enqueue(n), c.enqueue(n), fail()),
    })
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(reader.read(), ...writes)).toEqual([1, '!error', '!error'])
    expect(await states(reader.read())).toEqual(['!error'])
    expect(controller.desiredSize).toBe(null)
    expect(() => controller.enqueue(3)).toThrow(TypeError)
    expect(said).toEqual([1])
  })

  it('knows whether a chunk was taken or waits', async () => {
    const sizes: unknown[] = []
    const note = (c: TransformStreamDefaultController<unknown>) => sizes.push(c.desiredSize)
    const { writer, reader } = opened({
      transform: (n, c) => void (c.enqueue(n), note(c), c.enqueue(n), note(c)),
    })
    const read = reader.read()
    writer.write(1)
    expect(await states(read)).toEqual([1])
    expect(sizes).toEqual([0, -1])
  })

  it('has been called and its chunk written when a cancel comes while its promise is awaited', async () => {
    const work = deferred()
    const { writer, reader, said } = opened({ transform: () => work.promise })
    const [write, read] = [writer.write(1), reader.read()]
    await settle()
    expect(await states(reader.cancel(), read, write)).toEqual([undefined, 'done', '…'])
    work.resolve()
    expect(await states(write)).toEqual([undefined])
    expect(said).toEqual([1, ['cancel', undefined]])
  })

  it('runs in one loop with the stages around it', async () => {
    const flow = from([1, 2, 3]).pipeThrough(transform<number, number>({ transform: (n, c) => c.enqueue(n) }))
    expect(await loopOf(each => forEach(flow, n => each(n)))).toEqual([1, 2, 3, 'microtask'])
  })

  it('is not called with an item whose stage aborts the chain', async () => {
    const abort = new AbortController()
    const seen: number[] = []
    const flow = from([1, 2])
      .pipeThrough(tap(() => abort.abort(error)))
      .pipeThrough(transform<number, number>({ transform: n => void seen.push(n) }))
    expect(await states(toArray(flow, { signal: abort.signal }))).toEqual(['!error'])
    expect(seen).toEqual([])
  })

  it('that terminates and then rejects fails what is still to be read', async () => {
    const { writer, reader } = opened({
      async transform(n, c) {
        c.enqueue(n)
        c.enqueue(n)
        c.terminate()
        throw error
      },
    })
    const write = writer.write(1).catch(() => {})
    expect(await states(reader.read(), write)).toEqual([1, undefined])
    expect(await states(reader.read())).toEqual(['!error'])
  })

  it('counts its chunks', async () => {
    const { stage, writer, reader } = opened({ transform: (n, c) => (c.enqueue(n), c.enqueue(n)) })
    writer.write(1)
    await states(reader.read())
    expect(stage.stats()).toMatchObject({ received: 1, done: 1, failed: 0, inFlight: 0, emitted: 1 })
    await states(reader.read())
    expect(stage.stats()).toMatchObject({ received: 1, done: 1, emitted: 2 })
  })

  it('counts a chunk as failed, or as at work', async () => {
    const work = deferred()
    const { stage, writer, reader } = opened({ transform: () => work.promise })
    writer.write(1).catch(() => {})
    reader.read().catch(() => {})
    await settle()
    expect(stage.stats()).toMatchObject({ received: 1, done: 0, failed: 0, inFlight: 1 })
    work.reject(error)
    await settle()
    expect(stage.stats()).toMatchObject({ received: 1, done: 0, failed: 1, inFlight: 0, discarded: 0 })
  })
})
