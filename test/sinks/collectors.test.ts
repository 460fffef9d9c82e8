import { type CollectOptions, first, forEach, from, type ItemContext, map, range, reduce } from 'sluice'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../src/internal/deferred.ts'
import { loopOf, outcome, settle, soon } from '../contract/probe.ts'

const error = new Error('error')

type Work = (item: number, context: ItemContext) => unknown
type Collect = (stream: ReadableStream<number>, work: Work, options?: CollectOptions) => Promise<unknown>

const collectors: [string, Collect][] = [
  ['forEach()', (stream, work, options) => forEach(stream, (n, context) => work(n, context), options)],
  [
    'reduce()',
    (stream, work, options) =>
      reduce(stream, (_, n, context) => work(n, context), undefined as unknown, options),
  ],
]

describe.each(collectors)('%s whose function gives a promise', (_, collect) => {
  /** The stream's controller after its only item, and that item's promise. */
  async function atWork() {
    const item = deferred()
    let controller!: ReadableStreamDefaultController<number>
    const stream = new ReadableStream<number>({
      start(given) {
        controller = given
        controller.enqueue(1)
      },
    })
    const result = collect(stream, () => item.promise)
    result.catch(() => {})
    await settle()
    return { item, controller, result }
  }

  it('waits for it when the stream ends meanwhile, and ends then', async () => {
    const { item, controller, result } = await atWork()
    controller.close()
    expect(await soon(result, 5)).toBe('pending')
    item.resolve()
    expect(await soon(result)).toEqual({ value: undefined })
  })

  it('waits for it when the stream fails meanwhile, and fails with the stream’s error then', async () => {
    const { item, controller, result } = await atWork()
    controller.error(error)
    expect(await soon(result, 5)).toBe('pending')
    item.resolve()
    expect(await soon(result)).toEqual({ error })
  })

  it('rejects with its error when the stream has ended meanwhile', async () => {
    const { item, controller, result } = await atWork()
    controller.close()
    await settle()
    item.reject(error)
    expect(await soon(result)).toEqual({ error })
  })
})

describe.each(collectors)('%s', (_, collect) => {
  it('takes the items in one loop while its function gives no promise', async () => {
    expect(await loopOf(each => collect(from([1, 2, 3]), n => each(n)))).toEqual([1, 2, 3, 'microtask'])
  })

  it('fires no signal of an item that has failed', async () => {
    const item = deferred()
    const abort = new AbortController()
    let signal: AbortSignal | undefined
    const work: Work = (_n, context) => {
      signal = context.signal
      return item.promise
    }
    const result = outcome(collect(from([1]), work, { signal: abort.signal }))
    await settle()
    item.reject(error)
    queueMicrotask(() => abort.abort())
    expect(await result).toEqual({ error })
    expect(signal?.aborted).toBe(false)
  })
})

describe('reduce()', () => {
  it('can be aborted while a function that takes no context is at work', async () => {
    const abort = new AbortController()
    const result = reduce(from([1]), (_sum, _n) => new Promise<number>(() => {}), 0, { signal: abort.signal })
    const rejected = outcome(result)
    await settle()
    abort.abort(error)
    expect(await soon(rejected)).toEqual({ value: { error } })
  })

  it('is not given an item whose stage aborts the chain', async () => {
    const abort = new AbortController()
    const seen: number[] = []
    const flow = range(0, 3).pipeThrough(
      map(n => {
        if (n === 1) abort.abort(error)
        return n
      }),
    )
    const result = reduce(flow, (_, n) => seen.push(n), 0, { signal: abort.signal })
    expect(await soon(result)).toEqual({ error })
    expect(seen).toEqual([0])
  })
})

describe('first()', () => {
  it('gives the item that it has, also when it is aborted while the stream cleans up', async () => {
    const cleanup = deferred()
    const abort = new AbortController()
    const stream = new ReadableStream<number>({
      start: controller => controller.enqueue(1),
      cancel: () => cleanup.promise,
    })
    const result = first(stream, { signal: abort.signal })
    await settle()
    abort.abort(error)
    expect(await soon(result, 5)).toBe('pending')
    cleanup.resolve()
    expect(await soon(result)).toEqual({ value: 1 })
  })
})

describe('a collector', () => {
  it('names itself when the stream is locked', async () => {
    const stream = new ReadableStream()
    stream.getReader()
    expect(await soon(first(stream))).toEqual({
      error: new TypeError('first: the stream is locked: something else reads it'),
    })
  })

  it('says what to use instead of a stage', async () => {
    expect(await soon(first(map(n => n) as never))).toEqual({
      error: new TypeError(
        'first: the argument must be a ReadableStream, received [object Stage]; use the readable of the stage',
      ),
    })
    expect(await soon(first([] as never))).toEqual({
      error: new TypeError(
        'first: the argument must be a ReadableStream, received an array of 0; wrap it: from(…)',
      ),
    })
  })
})
