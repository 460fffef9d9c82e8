import { Flow, from, map, range, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { settle, soon } from './contract/probe.ts'

describe('new Flow()', () => {
  it('is a ReadableStream of the platform’s in every respect', () => {
    const flow = new Flow()
    expect(flow).toBeInstanceOf(ReadableStream)
    expect(Object.prototype.toString.call(flow)).toBe('[object ReadableStream]')
    expect(flow.locked).toBe(false)
  })

  it('calls its source as ReadableStream does: start at once, pull up to the high-water mark', async () => {
    const calls: string[] = []
    new Flow(
      {
        start: () => void calls.push('start'),
        pull(controller) {
          calls.push(`pull ${controller.desiredSize}`)
          controller.enqueue(1)
        },
      },
      { highWaterMark: 2 },
    )
    expect(calls).toEqual(['start'])
    await settle()
    expect(calls).toEqual(['start', 'pull 2', 'pull 1'])
  })

  it('takes a byte source, with BYOB readers', async () => {
    const flow = new Flow({ type: 'bytes', start: c => c.enqueue(new Uint8Array([1, 2, 3])) })
    const reader = flow.getReader({ mode: 'byob' })
    const { value } = await reader.read(new Uint8Array(2))
    expect([...(value as Uint8Array)]).toEqual([1, 2])
  })

  it('keeps what its source enqueued before it was piped', async () => {
    const flow = new Flow<number>({
      start(controller) {
        for (const n of [1, 2, 3]) controller.enqueue(n)
        controller.close()
      },
    })
    expect(await toArray(flow.pipeThrough(map(n => n * 2)))).toEqual([2, 4, 6])
  })
})

describe('flow.tee()', () => {
  it('gives two Flows', () => {
    const [left, right] = from([1]).tee()
    expect(left).toBeInstanceOf(Flow)
    expect(right).toBeInstanceOf(Flow)
  })

  it('gives branches that fuse with stages again', async () => {
    const [left, right] = range(0, 4)
      .pipeThrough(map(n => n + 1))
      .tee()
    const both = Promise.all([toArray(left.pipeThrough(map(n => n * 10))), toArray(right)])
    expect(await both).toEqual([
      [10, 20, 30, 40],
      [1, 2, 3, 4],
    ])
  })
})

describe('flow.pipeThrough()', () => {
  it('gives a Flow behind a stage, behind a platform stream, and with options', () => {
    expect(from([1]).pipeThrough(map(n => n))).toBeInstanceOf(Flow)
    expect(from([1]).pipeThrough(new TransformStream())).toBeInstanceOf(Flow)
    expect(
      from([1]).pipeThrough(
        map(n => n),
        { preventCancel: true },
      ),
    ).toBeInstanceOf(Flow)
  })

  it('locks the flow and everything between', () => {
    const [source, first, second] = [from([1]), map((n: number) => n), map((n: number) => n)]
    const middle = source.pipeThrough(first)
    middle.pipeThrough(second)
    expect([source.locked, first.writable.locked, middle.locked, second.writable.locked]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(second.readable.locked).toBe(false)
  })

  it('leaves the platform’s classes as they were', () => {
    const native = Object.getOwnPropertyNames(ReadableStream.prototype)
    from([1]).pipeThrough(map(n => n))
    expect(Object.getOwnPropertyNames(ReadableStream.prototype)).toEqual(native)
    expect(new ReadableStream()).not.toBeInstanceOf(Flow)
  })

  it.each(['preventClose', 'preventAbort', 'preventCancel'])('keeps to %s', async option => {
    const closed: unknown[] = []
    const source = new Flow<number>(
      { pull: c => c.enqueue(1), cancel: reason => void closed.push(reason) },
      { highWaterMark: 0 },
    )
    const reader = source
      .pipeThrough(
        map(n => n),
        { [option]: true },
      )
      .getReader()
    await reader.read()
    await reader.cancel('enough')
    await settle()
    expect(closed).toEqual(option === 'preventCancel' ? [] : ['enough'])
    expect(source.locked).toBe(false)
  })
})

describe('for await over a flow', () => {
  it('with preventCancel leaves the flow to be read further', async () => {
    const flow = from([1, 2, 3]).pipeThrough(map(n => n))
    for await (const item of flow.values({ preventCancel: true })) {
      expect(item).toBe(1)
      break
    }
    expect(flow.locked).toBe(false)
    expect(await toArray(flow)).toEqual([2, 3])
  })

  it('answers calls of next() that overlap, in their order', async () => {
    const iterator = range(0, 3)
      .pipeThrough(map(async n => n))
      [Symbol.asyncIterator]()
    const results = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()])
    expect(results.map(r => r.value)).toEqual([0, 1, 2, undefined])
    expect(results.map(r => r.done)).toEqual([false, false, false, true])
  })

  it('gives a failure to one call of next(), and the end to those after it', async () => {
    const error = new Error('thrown')
    const iterator = range(0, 3)
      .pipeThrough(map(() => Promise.reject(error)))
      [Symbol.asyncIterator]()
    const results = [iterator.next(), iterator.next()]
    expect(await soon(results[0] as Promise<unknown>)).toEqual({ error })
    expect(await soon(results[1] as Promise<unknown>)).toEqual({ value: { done: true, value: undefined } })
    expect(await soon(iterator.next())).toEqual({ value: { done: true, value: undefined } })
  })

  it('return() waits for the calls before it and gives back its value', async () => {
    const iterator = range(0, 3)
      .pipeThrough(map(async n => n))
      [Symbol.asyncIterator]()
    const next = iterator.next()
    expect(await soon(iterator.return?.('bye' as never) as Promise<unknown>)).toEqual({
      value: { done: true, value: 'bye' },
    })
    expect(await next).toEqual({ done: false, value: 0 })
  })

  it('locks the flow for the length of the loop', async () => {
    const flow = range(0, 2)
    for await (const _ of flow) expect(flow.locked).toBe(true)
    expect(flow.locked).toBe(false)
  })
})

describe('flow.cancel()', () => {
  it('rejects on a locked flow', async () => {
    const flow = from([1])
    flow.getReader()
    expect(await soon(flow.cancel())).toEqual({ error: expect.any(TypeError) })
  })

  it('does nothing to a flow that has ended', async () => {
    const flow = from([1])
    await toArray(flow)
    expect(await soon(flow.cancel('late'))).toEqual({ value: undefined })
  })

  it('rejects with the error of a flow that has failed', async () => {
    const error = new Error('thrown')
    const flow = from(() => {
      throw error
    })
    await toArray(flow).catch(() => {})
    expect(await soon(flow.cancel('late'))).toEqual({ error })
  })
})
