import { from, map, range } from 'sluice'
import { describe, expect, it } from 'vitest'
import { settle, soon } from '../contract/probe.ts'

const chain = (items: number[] = [1, 2, 3], signal?: AbortSignal) =>
  from(items, signal ? { signal } : {}).pipeThrough(map(n => n))
const failing = () =>
  from(
    new ReadableStream<number>({
      start: c => c.error('source'),
    }),
  ).pipeThrough(map(n => n))

describe('pipeTo() of a chain', () => {
  it('rejects where the destination is closed, and closes the source with the same TypeError', async () => {
    const closed: unknown[] = []
    const source = new ReadableStream<number>({ cancel: reason => void closed.push(reason) })
    const destination = new WritableStream<number>()
    await destination.close()
    const result = await soon(
      from(source)
        .pipeThrough(map(n => n))
        .pipeTo(destination),
    )
    expect(result).toEqual({ error: new TypeError('pipeTo: the destination is closed') })
    expect(closed).toEqual([(result as { error: unknown }).error])
  })

  it('tells the error of a destination that is failing already, and the source’s where it has failed', async () => {
    const destination = () => new WritableStream<number>({ start: c => c.error('destination') })
    expect(await soon(failing().pipeTo(destination()))).toEqual({ error: 'destination' })
    const failed = destination()
    await settle()
    expect(await soon(failing().pipeTo(failed))).toEqual({ error: 'source' })
    expect(await soon(failing().pipeTo(destination(), { preventAbort: true }))).toEqual({ error: 'source' })
  })

  it('aborts the destination with the reason of the source’s own signal', async () => {
    const seen: unknown[] = []
    const abort = new AbortController()
    const destination = new WritableStream<number>({
      write(n) {
        seen.push(n)
        if (n === 2) abort.abort('enough')
      },
      abort: reason => void seen.push(reason),
    })
    expect(await soon(chain([1, 2, 3], abort.signal).pipeTo(destination))).toEqual({ error: 'enough' })
    expect(seen).toEqual([1, 2, 'enough'])
  })

  it('fills a destination up to its high-water mark and no further', async () => {
    const asked: number[] = []
    const source = from([1, 2, 3, 4, 5, 6]).pipeThrough(map(n => asked.push(n)))
    const stopped = new WritableStream<number>({ write: () => new Promise(() => {}) }, { highWaterMark: 3 })
    void source.pipeTo(stopped)
    await settle()
    expect(asked).toEqual([1, 2, 3])
  })

  it.each([0.5, 1, 2.5, 4])(
    'asks for items while their weight leaves room of %d, and gives all',
    async highWaterMark => {
      const weights = [0.25, 0, 1, 5, 0.5, 0.5, 2, 0, 3, 0.25, 0.25]
      const held: number[] = []
      const written: number[] = []
      const sum = (items: number[]) => items.reduce((a, b) => a + b, 0)
      let asked = 0
      const source = from(weights).pipeThrough(
        map(weight => {
          held.push(asked - sum(written))
          asked += weight
          return weight
        }),
      )
      const destination = new WritableStream<number>(
        {
          async write(weight) {
            await settle()
            written.push(weight)
          },
        },
        { highWaterMark, size: weight => weight as number },
      )
      await source.pipeTo(destination)
      expect(written).toEqual(weights)
      expect(held.filter(weight => weight >= highWaterMark)).toEqual([])
    },
  )

  it('forgets a signal that fires when the pipe is over', async () => {
    const abort = new AbortController()
    const seen: unknown[] = []
    const destination = new WritableStream<number>({ abort: reason => void seen.push(reason) })
    await chain().pipeTo(destination, { signal: abort.signal, preventClose: true })
    abort.abort('late')
    await settle()
    expect(seen).toEqual([])
    expect(await soon(destination.getWriter().write(4))).toEqual({ value: undefined })
  })
})

describe('a stage that is read before a flow is piped into it', () => {
  it('gives every item of the flow', async () => {
    const stage = map((n: number) => n + 1)
    const reader = stage.readable.getReader()
    const first = reader.read()
    await settle()
    from([1, 2, 3]).pipeThrough(stage)
    expect(await soon(first)).toEqual({ value: { value: 2, done: false } })
    expect(await soon(reader.read())).toEqual({ value: { value: 3, done: false } })
    expect(await soon(reader.read())).toEqual({ value: { value: 4, done: false } })
    expect(await soon(reader.read())).toEqual({ value: { value: undefined, done: true } })
  })
})

describe('pipeTo() into a destination that wants a great many', () => {
  /** As `Writable.toWeb` of Node 20 and 22, which takes the bytes of its queue for chunks. */
  function destination(write: () => Promise<void> | undefined) {
    const got: number[] = []
    const stream = new WritableStream<number>(
      {
        write(item) {
          got.push(item)
          return write()
        },
      },
      { highWaterMark: 16_384 },
    )
    return { got, stream }
  }

  it('has 1,024 writes under way at the most', async () => {
    let pulled = 0
    const { stream } = destination(() => new Promise(() => {}))
    const source = function* () {
      while (true) yield ++pulled
    }
    const stop = new AbortController()
    const piped = from(source).pipeTo(stream, { signal: stop.signal })
    await settle()
    expect(pulled).toBe(1024)
    stop.abort()
    piped.catch(() => {})
  })

  it('goes on as they settle, to the end', async () => {
    const { got, stream } = destination(() => Promise.resolve())
    await range(0, 5000).pipeTo(stream)
    expect(got).toEqual(Array.from({ length: 5000 }, (_, n) => n))
  })
})
