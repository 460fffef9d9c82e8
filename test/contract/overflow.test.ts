import {
  block,
  channel,
  dropNewest,
  dropOldest,
  from,
  map,
  type QueueFullError,
  reject,
  type StageStrategy,
  timeout,
  toArray,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkLaw } from './accounting-chain.ts'
import { manualTime, rest } from './overflow-driver.ts'

beforeEach(manualTime)
afterEach(() => {
  // No promise of an item may leave a timer behind.
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const identity = <T>(item: T): T => item

/** What a stage gives, and how it ends. */
async function drained(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const items: unknown[] = []
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return items
      items.push(value)
    }
  } catch (error) {
    return [...items, { error }]
  }
}

describe('a function of the user that throws ends the stage with that very value, behind what is in its inbox', () => {
  const thrown = { thrown: true }
  const fail = (): never => {
    throw thrown
  }
  const cases: [name: string, strategy: StageStrategy<number>, options: object, inside: number[]][] = [
    ['onDrop of dropNewest', dropNewest(1), { onDrop: fail }, [1]],
    ['onDrop of dropOldest', dropOldest(1), { onDrop: fail }, []],
    ['onReject of reject', reject(1), { onReject: fail }, [1]],
    ['size of a plain strategy', { highWaterMark: 2, size: n => (n === 1 ? 1 : fail()) }, {}, [1]],
    ['size', block({ highWaterMark: 2, size: n => (n === 1 ? 1 : fail()) }), {}, [1]],
  ]

  for (const [name, strategy, options, inside] of cases) {
    it(`${name}, for a writer, whose write rejects with it`, async () => {
      const stage = map(identity<number>, { strategy, ...options })
      const writer = stage.writable.getWriter()
      await writer.write(1)
      await expect(writer.write(2)).rejects.toBe(thrown)
      await expect(writer.closed).rejects.toBe(thrown)
      await expect(writer.write(3)).rejects.toBe(thrown)
      expect(await drained(stage.readable)).toEqual([...inside, { error: thrown }])
    })

    it(`${name}, for a fused pipe, whose source is cancelled with it`, async () => {
      const cancel = vi.fn()
      let source!: ReadableStreamDefaultController<number>
      const input = new ReadableStream<number>({
        start: c => void (source = c),
        // Chromium gives it a second argument.
        cancel: reason => cancel(reason),
      })
      const out = from(input).pipeThrough(map(identity<number>, { strategy, ...options }))
      source.enqueue(1)
      source.enqueue(2)
      await rest()
      expect(cancel).toHaveBeenCalledExactlyOnceWith(thrown)
      expect(await drained(out)).toEqual([...inside, { error: thrown }])
    })

    it(`${name}, for a channel: send rejects with it, trySend gives false`, async () => {
      const queue = channel(strategy, options)
      await queue.send(1)
      await expect(queue.send(2)).rejects.toBe(thrown)
      expect(queue.trySend(3)).toBe(false)
      expect(await drained(queue.readable)).toEqual([...inside, { error: thrown }])
    })
  }

  it('onReject of timeout', async () => {
    const queue = channel(timeout<number>(1, 5), { onReject: fail })
    await queue.send(1)
    const late = expect(queue.send(2)).rejects.toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', item: 2 })
    vi.advanceTimersByTime(5)
    await late
    expect(await drained(queue.readable)).toEqual([1, { error: thrown }])
  })

  it('a size that is no number', async () => {
    const queue = channel<number>(block({ highWaterMark: 1, size: () => Number.NaN }))
    await expect(queue.send(1)).rejects.toThrow(RangeError)
    await expect(toArray(queue.readable)).rejects.toThrow(
      'block: size must give a finite number of 0 or more, received NaN',
    )
  })
})

describe('a function of the user that uses its own stage', () => {
  it('onDrop may send again: nothing is lost or counted twice', async () => {
    const again: number[] = []
    const queue = channel<number>(dropOldest(2), {
      onDrop: item => {
        if (item < 10) queue.trySend(item + 10)
        else again.push(item)
      },
    })
    for (const n of [1, 2, 3]) queue.trySend(n)
    const { received, queued, dropped } = queue.stats()
    expect({ received, queued }).toEqual({ received: dropped + 2, queued: 2 })
    queue.close()
    expect((await toArray(queue.readable)).length + again.length).toBe(received - dropped + again.length)
  })

  it.each(['abort', 'cancel'])('onDrop may %s: nothing stays inside', async how => {
    const queue = channel<number>(dropOldest(1), {
      onDrop: () => void (how === 'abort' ? queue.abort('enough') : queue.readable.cancel('enough')),
    })
    queue.trySend(1)
    queue.trySend(2)
    await rest()
    expect(queue.stats()).toMatchObject({ queued: 0, inFlight: 0, dropped: 1 })
    checkLaw(queue.stats())
  })

  it('onReject may give up the very send it is told of', async () => {
    const giveUp = new AbortController()
    const queue = channel<number>(timeout(2, 5), { onReject: () => giveUp.abort('given up') })
    const writer = queue.writable.getWriter()
    for (const n of [1, 2]) queue.trySend(n)
    const late = expect(queue.send(3, { signal: giveUp.signal })).rejects.toBeDefined()
    vi.advanceTimersByTime(5)
    await late
    expect(writer.desiredSize).toBe(0)
    await queue.abort()
  })
})

describe('writer.write() on a stage with a strategy', () => {
  it('resolves with undefined as soon as the inbox has the item', async () => {
    const writer = map(identity<number>, { strategy: block(1) }).writable.getWriter()
    expect(await writer.write(1)).toBe(undefined)
  })

  it('rejects with QueueFullError while it is full, and goes on when there is room', async () => {
    const stage = map(identity<number>, { strategy: reject(1) })
    const writer = stage.writable.getWriter()
    await writer.write(1)
    const error = (await writer.write(2).catch(error => error)) as QueueFullError
    expect(error.code).toBe('ERR_QUEUE_FULL')
    const reader = stage.readable.getReader()
    expect(await reader.read()).toEqual({ done: false, value: 1 })
    await writer.write(3)
    expect(await reader.read()).toEqual({ done: false, value: 3 })
  })

  it('asks size once for each item', async () => {
    const size = vi.fn((n: number) => n)
    const queue = channel(block({ highWaterMark: 4, size }))
    const writer = queue.writable.getWriter()
    await writer.write(1)
    await queue.send(1)
    queue.trySend(2)
    const waiting = writer.write(1)
    const reader = queue.readable.getReader()
    for (let i = 0; i < 4; i++) await reader.read()
    await waiting
    expect(size.mock.calls).toEqual([[1], [1], [2], [1]])
  })

  it('works on a released and taken again writer', async () => {
    const stage = map(identity<number>, { strategy: block(3) })
    const first = stage.writable.getWriter()
    await first.write(1)
    first.releaseLock()
    await expect(first.write(9)).rejects.toThrow(TypeError)
    const second = stage.writable.getWriter()
    await second.write(2)
    second.close()
    expect(await toArray(stage.readable)).toEqual([1, 2])
  })
})

describe('a flow piped into a channel that its owner ends', () => {
  it.each(['abort', 'close'] as const)('%s(), at once or later: the source is cancelled', async how => {
    for (const turns of [0, 1, 3]) {
      const cancel = vi.fn()
      const source = new ReadableStream<number>({ pull: c => c.enqueue(1), cancel })
      const queue = channel<number>(block(2))
      from(source).pipeThrough(queue)
      for (let turn = 0; turn < turns; turn++) await rest()
      Promise.resolve(queue[how]()).catch(() => {})
      await rest()
      expect(cancel, `after ${turns} turns`).toHaveBeenCalledTimes(1)
      await queue.readable.cancel().catch(() => {})
    }
  })
})

describe('those who wait for room', () => {
  const weight = { highWaterMark: 2, size: (n: number) => n }

  it('get the error of a size that throws after them', async () => {
    const queue = channel<number>(block({ ...weight, size: n => (n < 9 ? n : Number.NaN) }))
    queue.trySend(2)
    const waiting = expect(queue.send(1)).rejects.toThrow(RangeError)
    await expect(queue.send(9)).rejects.toThrow(RangeError)
    await waiting
    expect(await drained(queue.readable)).toEqual([2, { error: expect.any(RangeError) }])
  })

  it('come in when the one before them gives up, as far as a reader that waits already', async () => {
    const queue = channel<number>(timeout(weight, 60_000))
    const read = queue.readable.getReader().read()
    await rest()
    const controller = new AbortController()
    const tooHeavy = expect(queue.send(3, { signal: controller.signal })).rejects.toBe('enough')
    const behind = queue.send(1)
    await rest()
    controller.abort('enough')
    await tooHeavy
    expect(await behind).toBe(true)
    expect(await read).toEqual({ done: false, value: 1 })
  })

  it('let the end through when the last of them gives up', async () => {
    const queue = channel<number>(timeout(weight, 60_000))
    const read = queue.readable.getReader().read()
    await rest()
    const controller = new AbortController()
    const tooHeavy = expect(queue.send(3, { signal: controller.signal })).rejects.toBe('enough')
    const closed = queue.close()
    await rest()
    controller.abort('enough')
    await tooHeavy
    expect(await read).toEqual({ done: true, value: undefined })
    await closed
  })

  it('keep writer.ready pending until there is room for one more', async () => {
    const stage = map(identity<number>, { strategy: block(1) })
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    for (const n of [1, 2, 3]) writer.write(n)
    const ready = vi.fn()
    writer.ready.then(ready)
    for (const desiredSize of [-1, 0, 1]) {
      await rest()
      expect(ready).not.toHaveBeenCalled()
      await reader.read()
      expect(writer.desiredSize).toBe(desiredSize)
    }
    await rest()
    expect(ready).toHaveBeenCalledTimes(1)
  })
})
