import { Flow, from, map, sink } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../src/internal/deferred.ts'
import { settle, soon } from '../contract/probe.ts'

const error = new Error('error')

/** A stream with its controller outside. */
function opened() {
  let controller!: ReadableStreamDefaultController<number>
  const stream = new Flow<number>(
    {
      start(given) {
        controller = given
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, controller }
}

describe('a chain behind a stream of the platform', () => {
  it('ends when the stream does, although nobody reads', async () => {
    const { stream, controller } = opened()
    const reader = stream.pipeThrough(map(n => n)).getReader()
    await settle()
    controller.close()
    expect(await soon(reader.closed)).toEqual({ value: undefined })
    expect(stream.locked).toBe(false)
  })

  it('fails when the stream does, although nobody reads', async () => {
    const { stream, controller } = opened()
    const reader = stream.pipeThrough(map(n => n)).getReader()
    await settle()
    controller.error(error)
    expect(await soon(reader.closed)).toEqual({ error })
    expect(stream.locked).toBe(false)
  })

  it('gives its stages no item that comes together with a cancel', async () => {
    const { stream, controller } = opened()
    const seen: number[] = []
    const reader = stream.pipeThrough(map(n => seen.push(n))).getReader()
    const read = reader.read()
    await settle()
    controller.enqueue(1)
    reader.cancel()
    await settle()
    expect(seen).toEqual([])
    expect(await soon(read)).toEqual({ value: { done: true, value: undefined } })
  })

  it.each(['close', 'error'] as const)(
    'fails with the error of an item that was at work when the stream came to its end: %s',
    async ending => {
      const { stream, controller } = opened()
      const item = deferred()
      const done = stream.pipeTo(sink(() => item.promise, { concurrency: 2 }))
      done.catch(() => {})
      await settle()
      controller.enqueue(1)
      await settle()
      controller[ending](new Error('source'))
      await settle()
      item.reject(error)
      expect(await soon(done)).toEqual({ error })
    },
  )
})

describe('from(stream)', () => {
  it('needs no async iterator of the stream, which some platforms lack', async () => {
    const { stream, controller } = opened()
    Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined })
    const reader = from(stream).getReader()
    const read = reader.read()
    await settle()
    controller.enqueue(1)
    expect(await soon(read)).toEqual({ value: { done: false, value: 1 } })
  })
})

describe('from(promise)', () => {
  /** An iterable that counts how often it is closed, as a generator can be. */
  function closable() {
    const reasons: unknown[] = []
    const close = (reason?: unknown) => {
      reasons.push(reason)
      return { done: true, value: undefined }
    }
    const source = {
      return: close,
      next: () => ({ done: false, value: 1 }),
      [Symbol.iterator]() {
        return this
      },
    }
    return { source: source as unknown as Iterable<number>, reasons }
  }

  it('is closed once when it is cancelled while it is read', async () => {
    const { source, reasons } = closable()
    const reader = from(Promise.resolve(source)).getReader()
    await reader.read()
    await reader.cancel('enough')
    await settle()
    expect(reasons).toEqual(['enough'])
  })

  it('is closed once when its source comes after the cancel', async () => {
    const { source, reasons } = closable()
    const late = deferred<Iterable<number>>()
    const reader = from(late.promise).getReader()
    reader.read()
    await settle()
    await reader.cancel('enough')
    late.resolve(source)
    await settle()
    expect(reasons).toEqual([undefined])
  })

  it.each([null, undefined, 1, [1]])(
    'forgets what comes after a cancel and cannot be closed: %s',
    async value => {
      const late = deferred<unknown>()
      const cancelled = from(late.promise as Promise<number[]>).cancel()
      late.resolve(value)
      await settle()
      expect(await soon(cancelled)).toEqual({ value: undefined })
    },
  )

  it('reports nothing when what comes after a cancel throws as it is closed', async () => {
    const source = Object.assign(closable().source, {
      return() {
        throw error
      },
    })
    const cancelled = from(Promise.resolve(source)).cancel()
    await settle()
    expect(await soon(cancelled)).toEqual({ value: undefined })
  })
})
