import { block, map, Stage, toArray, transform } from 'sluice'
import { describe, expect, it } from 'vitest'
import { settle } from '../contract/probe.ts'
import { error, opened, states } from './transform-tools.ts'

// A readable strategy: the platform's stream queues, and the transformer works ahead of its reader.

describe('transform() with a readableStrategy', () => {
  it('works ahead until the high-water mark, while nobody reads', async () => {
    const { writer, reader, said, controller } = opened({}, { highWaterMark: 2 })
    expect(controller.desiredSize).toBe(2)
    const writes = [writer.write(1), writer.write(2), writer.write(3)]
    expect(await states(...writes)).toEqual([undefined, undefined, '…'])
    expect([said, controller.desiredSize]).toEqual([[1, 2], 0])
    expect(await states(reader.read(), ...writes)).toEqual([1, undefined, undefined, undefined])
  })

  it('counts what start enqueued', async () => {
    const { writer, reader, said, controller } = opened({ start: c => c.enqueue('a') }, { highWaterMark: 1 })
    expect(controller.desiredSize).toBe(0)
    writer.write(1)
    await settle()
    expect(said).toEqual([])
    expect(await states(reader.read(), reader.read())).toEqual(['a', 1])
  })

  it('may enqueue more than is wanted, and waits until it was read', async () => {
    const { writer, reader, said, controller } = opened(
      { transform: (n, c) => (c.enqueue(n), c.enqueue(n)) },
      { highWaterMark: 1 },
    )
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(...writes)).toEqual([undefined, '…'])
    expect([said, controller.desiredSize]).toEqual([[1], -1])
    await states(reader.read())
    expect(said).toEqual([1])
    await states(reader.read())
    expect(said).toEqual([1, 2])
  })

  it('of no room works when somebody reads', async () => {
    const { writer, reader, said } = opened({}, { highWaterMark: 0 })
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(...writes)).toEqual(['…', '…'])
    expect(await states(reader.read(), ...writes)).toEqual([1, undefined, '…'])
    expect(said).toEqual([1])
    expect(await states(reader.read(), ...writes)).toEqual([2, undefined, undefined])
  })

  it('weighs the chunks with its size', async () => {
    const { writer, said, controller } = opened({}, { highWaterMark: 5, size: Number })
    writer.write(4)
    writer.write(3)
    writer.write(1)
    await settle()
    expect([said, controller.desiredSize]).toEqual([[4, 3], -2])
  })

  it('weighs at once what is enqueued beyond what is wanted', async () => {
    const { writer, controller } = opened(
      { transform: (n, c) => (c.enqueue(n), c.enqueue(n)) },
      { highWaterMark: 1, size: Number },
    )
    await states(writer.write(3))
    expect(controller.desiredSize).toBe(-5)
  })

  it('has its room from the start', () => {
    const sizes: unknown[] = []
    opened(
      { start: c => void (sizes.push(c.desiredSize), c.enqueue('a'), sizes.push(c.desiredSize)) },
      { highWaterMark: 2 },
    )
    expect(sizes).toEqual([2, 1])
  })

  it('of no room waits for a read, also when start took its time', async () => {
    const { writer, reader, said } = opened({ start: () => settle(1) }, { highWaterMark: 0 })
    const write = writer.write(1)
    await settle()
    expect(said).toEqual([])
    expect(await states(reader.read(), write)).toEqual([1, undefined])
  })

  it('fails both sides with what its size throws', async () => {
    const thrown: unknown[] = []
    const { writer, reader } = opened(
      {
        transform(n, c) {
          try {
            c.enqueue(n)
          } catch (reason) {
            thrown.push(reason)
            throw reason
          }
        },
      },
      {
        highWaterMark: 1,
        size() {
          throw error
        },
      },
    )
    expect(await states(writer.write(1))).toEqual(['!error'])
    expect(await states(reader.read())).toEqual(['!error'])
    expect(thrown).toEqual([error])
  })

  it('throws the first error out of enqueue() when its size calls controller.error() and throws', async () => {
    const thrown: unknown[] = []
    const { writer, reader, controller } = opened(
      {
        transform(n, c) {
          try {
            c.enqueue(n)
          } catch (reason) {
            thrown.push(reason)
          }
        },
      },
      {
        highWaterMark: 1,
        size() {
          controller.error(error)
          throw new Error('second')
        },
      },
    )
    expect(await states(writer.write(1))).toEqual([undefined])
    expect(await states(reader.read())).toEqual(['!error'])
    expect(thrown).toEqual([error])
  })

  it('ends after what flush enqueued', async () => {
    const { writer, reader } = opened({ flush: c => c.enqueue('a') }, { highWaterMark: 1 })
    expect(await states(writer.close())).toEqual([undefined])
    expect(await states(reader.read(), reader.read())).toEqual(['a', 'done'])
  })

  it('gives out what it had enqueued before terminate()', async () => {
    const { writer, reader, said } = opened(
      { transform: (n, c) => (c.enqueue(n), c.terminate()) },
      { highWaterMark: 3 },
    )
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(...writes)).toEqual([undefined, '!TypeError'])
    expect(await states(reader.read(), reader.read())).toEqual([1, 'done'])
    expect(said).toEqual([1])
  })

  it('loses what it had enqueued by a rejection, even after terminate()', async () => {
    const { writer, reader } = opened(
      {
        async transform(n, c) {
          c.enqueue(n)
          c.enqueue(n)
          c.terminate()
          throw error
        },
      },
      { highWaterMark: 3 },
    )
    const write = writer.write(1).catch(() => {})
    await settle()
    expect(await states(reader.read(), write)).toEqual(['!error', undefined])
  })

  it('loses what it had enqueued by controller.error()', async () => {
    const { writer, reader, controller } = opened({ start: c => c.enqueue('a') }, { highWaterMark: 3 })
    controller.error(error)
    expect(controller.desiredSize).toBe(null)
    expect(await states(reader.read(), writer.write(1))).toEqual(['!error', '!error'])
  })

  it.each([
    ['terminate', 1, ['done', 'done'], '!TypeError'],
    ['terminate', 2, [1, 2], '!TypeError'],
    ['error', 1, ['!error', '!error'], '!error'],
    ['error', 2, ['!error', '!error'], '!error'],
  ] as const)('may call controller.%s() from the size of chunk %s', async (how, at, reads, closed) => {
    const { writer, reader, controller } = opened(
      {},
      {
        highWaterMark: 3,
        size(chunk) {
          if (chunk === at) controller[how](error)
          return 1
        },
      },
    )
    for (const n of [1, 2]) writer.write(n).catch(() => {})
    await settle()
    expect(await states(reader.read(), reader.read(), writer.closed)).toEqual([...reads, closed])
  })

  it('calls cancel when the reader leaves', async () => {
    const { writer, reader, said } = opened({}, { highWaterMark: 3 })
    await states(writer.write(1))
    expect(await states(reader.cancel('enough'))).toEqual([undefined])
    expect(said).toEqual([1, ['cancel', 'enough']])
  })

  it('is followed by other stages', async () => {
    const ahead = transform<number, number>({}, { readableStrategy: { highWaterMark: 3 } })
    const writer = ahead.writable.getWriter()
    for (const n of [1, 2]) writer.write(n)
    writer.close()
    expect(await toArray(ahead.readable.pipeThrough(map(n => n * 10)))).toEqual([10, 20])
  })

  it('goes with an inbox of this library', async () => {
    const stage = new Stage<number>({}, block(2), { highWaterMark: 3 })
    const writer = stage.writable.getWriter()
    const writes = [1, 2, 3, 4, 5, 6].map(n => writer.write(n))
    expect(await states(...writes)).toEqual([undefined, undefined, undefined, undefined, undefined, '…'])
    expect(stage.stats()).toMatchObject({ received: 5, done: 3, emitted: 3, queued: 2 })
  })
})
