import { count, from, tap, transform } from 'sluice'
import { describe, expect, it } from 'vitest'
import { error, opened, states } from './transform-tools.ts'

describe('controller.terminate() of transform()', () => {
  it('gives out what was enqueued, ends the stream and fails the writer', async () => {
    const { writer, reader, controller, said } = opened({
      transform: (n, c) => (c.enqueue(n), c.enqueue(n), c.terminate()),
    })
    const writes = [writer.write(1), writer.write(2)]
    expect(await states(reader.read(), ...writes)).toEqual([1, undefined, '!TypeError'])
    expect(() => controller.enqueue(3)).toThrow(TypeError)
    expect(await states(reader.read(), reader.read(), writer.closed)).toEqual([1, 'done', '!TypeError'])
    expect(said).toEqual([1])
  })

  it('ends the stream from start', async () => {
    const { writer, reader } = opened({ start: c => (c.enqueue('a'), c.terminate(), c.terminate()) })
    expect(await states(writer.closed, reader.read(), reader.read())).toEqual(['!TypeError', 'a', 'done'])
  })

  it('ends the stream while nobody reads', async () => {
    const { writer, reader, controller } = opened({})
    controller.terminate()
    expect(await states(writer.closed, reader.closed)).toEqual(['!TypeError', undefined])
    await expect(writer.closed).rejects.toThrow('transform: the stream was terminated by its transformer')
    expect(() => controller.enqueue('late')).toThrow('enqueue: the readable side is not open any more')
  })

  it('ends a stream that nobody has read yet, although start is still under way', async () => {
    let controller!: TransformStreamDefaultController<string>
    const stage = transform<number, string>({
      start(given) {
        controller = given
        controller.enqueue('a')
        return new Promise(() => {})
      },
    })
    controller.terminate()
    const reader = stage.readable.getReader()
    expect(await states(reader.read(), reader.read())).toEqual(['a', 'done'])
  })

  it('lets the item arrive that a later stage has in hand', async () => {
    let controller!: TransformStreamDefaultController<number>
    const stage = transform<number, number>({
      start(given) {
        controller = given
      },
    })
    const flow = from([1, 2, 3])
      .pipeThrough(stage)
      .pipeThrough(tap(() => controller.terminate()))
    expect(await count(flow)).toBe(1)
  })

  it('in flush ends the stream as flush does', async () => {
    const { writer, reader } = opened({ flush: c => (c.enqueue('a'), c.terminate()) })
    const closed = writer.close()
    expect(await states(reader.read(), reader.read(), closed)).toEqual(['a', 'done', undefined])
  })

  it('closes the source behind which the stage stands, with a TypeError', async () => {
    const closed: unknown[] = []
    const source = new ReadableStream<number>({
      pull: c => c.enqueue(1),
      cancel: reason => void closed.push(reason),
    })
    const stage = transform<number, number>({ transform: (n, c) => (c.enqueue(n), c.terminate()) })
    const reader = from(source).pipeThrough(stage).getReader()
    expect(await states(reader.read(), reader.read())).toEqual([1, 'done'])
    expect(closed).toEqual([expect.any(TypeError)])
  })
})

describe('controller.error() of transform()', () => {
  it('fails both sides, and what waits is lost', async () => {
    const { writer, reader, controller } = opened({ start: c => c.enqueue('a') })
    controller.error(error)
    controller.error(new Error('second'))
    controller.terminate()
    expect(controller.desiredSize).toBe(null)
    expect(await states(reader.read(), writer.write(1), writer.closed)).toEqual([
      '!error',
      '!error',
      '!error',
    ])
  })

  it('fails the stream from start', async () => {
    const { writer, reader } = opened({ start: c => c.error(error) })
    expect(await states(writer.closed, reader.read())).toEqual(['!error', '!error'])
  })

  it('does not blame the chunk at work', async () => {
    const { stage, writer, reader } = opened({ transform: (_n, c) => c.error(error) })
    const write = writer.write(1)
    expect(await states(reader.read(), write)).toEqual(['!error', undefined])
    expect(stage.stats()).toMatchObject({ received: 1, done: 1, failed: 0 })
  })

  it('does nothing after the end', async () => {
    const { writer, reader, controller } = opened({})
    await states(writer.close())
    controller.error(error)
    controller.terminate()
    expect(() => controller.enqueue('late')).toThrow(TypeError)
    expect(controller.desiredSize).toBe(0)
    expect(await states(reader.read(), writer.closed)).toEqual(['done', undefined])
  })

  it('after terminate() fails what is still to be read', async () => {
    const { writer, reader, controller } = opened({
      start: c => (c.enqueue('a'), c.enqueue('b'), c.terminate()),
    })
    expect(await states(reader.read())).toEqual(['a'])
    controller.error(error)
    expect(await states(reader.read(), writer.closed)).toEqual(['!error', '!TypeError'])
  })

  it('after terminate() does nothing once all was read', async () => {
    const { reader, controller } = opened({ start: c => (c.enqueue('a'), c.terminate()) })
    expect(await states(reader.read())).toEqual(['a'])
    controller.error(error)
    expect(await states(reader.read())).toEqual(['done'])
    expect(controller.desiredSize).toBe(0)
  })
})
