import { from, take, transform } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../src/internal/deferred.ts'
import { settle } from '../contract/probe.ts'
import { error, opened, states } from './transform-tools.ts'

describe('transform() flush', () => {
  it('may enqueue: its chunks come last, before the end', async () => {
    const { writer, reader } = opened({ flush: c => (c.enqueue('a'), c.enqueue('b')) })
    const closed = writer.close()
    expect(await states(reader.read(), closed)).toEqual(['a', undefined])
    expect(await states(reader.read(), reader.read())).toEqual(['b', 'done'])
  })

  it('is called although nobody reads, and ends the stream', async () => {
    const { writer, reader, said } = opened({})
    expect(await states(writer.close(), reader.closed)).toEqual([undefined, undefined])
    expect(said).toEqual(['flush'])
  })

  it('is awaited by close() and by the readable side', async () => {
    const work = deferred()
    const { writer, reader } = opened({ flush: () => work.promise })
    const closed = writer.close()
    expect(await states(closed, reader.closed)).toEqual(['…', '…'])
    work.resolve()
    expect(await states(closed, reader.closed)).toEqual([undefined, undefined])
  })

  it('may be missing: close() does not wait for the chunks that are still to be read', async () => {
    const stage = transform<number, number>({ transform: (n, c) => (c.enqueue(n), c.enqueue(n)) })
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    const [write, closed] = [writer.write(1), writer.close()]
    expect(await states(reader.read(), write, closed)).toEqual([1, undefined, undefined])
    expect(await states(reader.read(), reader.read())).toEqual([1, 'done'])
  })

  it('comes after the chunk that is at work', async () => {
    const work = deferred()
    const { writer, reader, said } = opened({ transform: () => work.promise })
    const [write, read, closed] = [writer.write(1), reader.read(), writer.close()]
    await settle()
    expect(said).toEqual([1])
    work.resolve()
    expect(await states(write, read, closed)).toEqual([undefined, 'done', undefined])
    expect(said).toEqual([1, 'flush'])
  })

  it.each([
    ['rejects', () => Promise.reject(error)],
    [
      'throws',
      () => {
        throw error
      },
    ],
  ])('fails both sides when it %s', async (_, flush) => {
    const { writer, reader, controller } = opened({ flush })
    expect(await states(writer.close(), reader.read(), writer.closed)).toEqual(['!error', '!error', '!error'])
    expect(controller.desiredSize).toBe(null)
  })
})

describe('transform() cancel', () => {
  it('is called when the reader cancels, and awaited', async () => {
    const work = deferred()
    const { writer, reader, said, controller } = opened({ cancel: () => work.promise })
    const cancelled = reader.cancel('enough')
    expect(await states(cancelled)).toEqual(['…'])
    expect(said).toEqual([['cancel', 'enough']])
    expect(() => controller.enqueue('late')).toThrow(TypeError)
    work.resolve()
    expect(await states(cancelled)).toEqual([undefined])
    expect(await states(writer.write(1).catch(reason => reason))).toEqual(['enough'])
  })

  it.each([
    ['rejects', () => Promise.reject(error)],
    [
      'throws',
      () => {
        throw error
      },
    ],
  ])('makes the cancel fail when it %s', async (_, cancel) => {
    const { reader } = opened({ cancel })
    expect(await states(reader.cancel('enough'))).toEqual(['!error'])
  })

  it('is called when the writer aborts', async () => {
    const { writer, reader, said } = opened({})
    expect(await states(writer.abort(error), reader.read())).toEqual([undefined, '!error'])
    expect(said).toEqual([['cancel', error]])
  })

  it('is called when the source fails', async () => {
    const reasons: unknown[] = []
    const source = new ReadableStream<number>({ pull: c => c.error(error) })
    const stage = transform<number, number>({
      cancel: (reason: unknown) => void reasons.push(reason),
    } as Transformer)
    expect(await states(from(source).pipeThrough(stage).getReader().read())).toEqual(['!error'])
    expect(reasons).toEqual([error])
  })

  it('keeps flush from being called when the stream had ended while a chunk was at work', async () => {
    const [work, calls] = [deferred(), [] as string[]]
    let controller!: ReadableStreamDefaultController<number>
    const source = new ReadableStream<number>({
      start(given) {
        controller = given
        controller.enqueue(1)
      },
    })
    const stage = transform<number, number>({
      transform: () => work.promise,
      flush: () => void calls.push('flush'),
      cancel: () => void calls.push('cancel'),
    } as Transformer)
    const reader = from(source).pipeThrough(stage).getReader()
    reader.read()
    await settle()
    controller.close()
    await settle()
    await reader.cancel()
    work.resolve()
    await settle()
    expect(calls).toEqual(['cancel'])
  })

  it('makes a later controller.error() do nothing', async () => {
    const { reader, controller } = opened({})
    await reader.cancel()
    controller.error(error)
    expect(controller.desiredSize).toBe(0)
  })

  it('is not called after flush', async () => {
    const { writer, reader, said } = opened({ flush: c => c.enqueue('a') })
    const closed = writer.close()
    await states(reader.read(), closed)
    await states(reader.cancel())
    expect(said).toEqual(['flush'])
  })

  it.each(['terminate', 'error'] as const)('is not called after controller.%s()', async how => {
    const { reader, said, controller } = opened({ start: c => c.enqueue('a') })
    controller[how](error)
    await states(reader.cancel())
    expect(said).toEqual([])
  })

  it('is awaited together with the source', async () => {
    const [source, hook] = [deferred(), deferred()]
    const stream = new ReadableStream<number>({ cancel: () => source.promise })
    const stage = transform<number, number>({ cancel: () => hook.promise } as Transformer)
    const cancelled = from(stream).pipeThrough(stage).pipeThrough(take(5)).cancel()
    hook.resolve()
    expect(await states(cancelled)).toEqual(['…'])
    source.resolve()
    expect(await states(cancelled)).toEqual([undefined])
  })
})
