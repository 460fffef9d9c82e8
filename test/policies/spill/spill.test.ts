import {
  batch,
  buffer,
  type Channel,
  channel,
  debounce,
  explain,
  flatMap,
  forEach,
  from,
  map,
  QueueFullError,
  QueueTimeoutError,
  SpillError,
  Stage,
  type Strategy,
  spill,
  toArray,
  transform,
} from 'sluice'
import { parallel } from 'sluice/parallel'
import { describe, expect, it, vi } from 'vitest'
import { manualTime, rest } from '../../contract/overflow-driver.ts'
import { localExecutor } from '../../setup/local-executor.ts'
import { MemoryStore } from './memory-store.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const resting = async (turns = 5): Promise<void> => {
  for (let left = turns; left > 0; left--) await rest()
}
/** How a promise stands, once everything has come to rest. */
async function fate(promise: Promise<unknown>): Promise<unknown> {
  let now: unknown = 'pending'
  promise.then(
    value => (now = value ?? 'resolved'),
    error => (now = error),
  )
  await resting()
  return now
}
/** A store with these items in it, as a run has left it. */
async function storeWith(items: readonly unknown[], memory = 4): Promise<MemoryStore> {
  const store = new MemoryStore()
  const queue = channel<unknown>(spill(store, { memory }))
  for (const item of items) await queue.send(item)
  await queue.abort()
  await resting()
  return store
}
const restOf = (store: MemoryStore, memory = 4): Promise<unknown[]> => {
  const queue = channel<unknown>(spill(store, { memory }))
  queue.close()
  return toArray(queue.readable)
}

describe('spill() as the strategy of a stage', () => {
  it.each([1, 3, 1000])('gives a pipe’s items in order, with %i in memory', async memory => {
    const store = new MemoryStore()
    const flow = from(numbers(500)).pipeThrough(buffer(spill(store, { memory })))
    expect(await toArray(flow)).toEqual(numbers(500))
    await resting()
    expect(store.records).toEqual([])
  })

  it('gives a native pipe’s items in order', async () => {
    const source = new ReadableStream({
      start(controller) {
        for (const n of numbers(300)) controller.enqueue(n)
        controller.close()
      },
    })
    const stage = map((n: number) => n + 1, { strategy: spill<number>(new MemoryStore(), { memory: 7 }) })
    expect(await toArray(source.pipeThrough(stage))).toEqual(numbers(300).map(n => n + 1))
  })

  it('works in batches that are bigger than the memory and the room', async () => {
    const strategy = spill<number>(new MemoryStore(), { memory: 2, maxBytes: 20 })
    const flow = from(numbers(100)).pipeThrough(batch(50, { strategy }))
    expect((await toArray(flow)).map(items => items.length)).toEqual([50, 50])
  })

  it('works with a transformer', async () => {
    const stage = new Stage<number, number>(
      { transform: (n, controller) => controller.enqueue(n * 2) },
      spill<number>(new MemoryStore(), { memory: 3 }),
    )
    expect(await toArray(from(numbers(20)).pipeThrough(stage))).toEqual(numbers(20).map(n => n * 2))
  })

  it.each([
    [
      'map',
      (strategy: Strategy<number>) =>
        map(async (n: number) => n, { concurrency: 3, ordered: false, strategy }),
    ],
    [
      'flatMap',
      (strategy: Strategy<number>) =>
        flatMap(async (n: number) => [n], { concurrency: 3, ordered: false, strategy }),
    ],
    [
      'parallel',
      (strategy: Strategy<number>) =>
        parallel<number, number>(undefined, { executor: localExecutor(n => n), ordered: false, strategy }),
    ],
  ])('records what %s finishes with in any order, and does not stop for it', async (_, make) => {
    const store = new MemoryStore()
    const stage = make(spill<number>(store, { memory: 2 }))
    const writer = stage.writable.getWriter()
    const out = toArray(stage.readable)
    for (const n of numbers(30)) await writer.write(n)
    await resting(40)
    // Though nothing has ended.
    expect(store.records).toEqual([])
    await writer.close()
    expect((await out).sort((a, b) => a - b)).toEqual(numbers(30))
  })

  it('goes on pulling while nobody reads: what does not fit in memory is in the store', async () => {
    const stage = buffer<number>(spill(new MemoryStore(), { memory: 5 }))
    const flow = from(numbers(1000)).pipeThrough(stage)
    await resting(600)
    expect(stage.stats()).toMatchObject({ received: 1000, queued: 1000 })
    expect(await toArray(flow)).toEqual(numbers(1000))
  })

  it('hands control back to the event loop while it gives what is stored', async () => {
    const store = await storeWith(numbers(3000), 1000)
    const queue = channel<unknown>(spill(store, { memory: 1000 }))
    queue.close()
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await forEach(queue.readable, () => {
      const until = performance.now() + 0.05
      while (performance.now() < until);
    })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })

  it('copies bytes, as bytes', async () => {
    const queue = channel<unknown>(spill(new MemoryStore()))
    const bytes = new Uint8Array([0, 1, 2, 3]).subarray(1)
    queue.trySend(bytes)
    bytes.fill(0)
    queue.trySend({ a: ['é', null] })
    queue.close()
    const items = await toArray(queue.readable)
    expect(items).toEqual([new Uint8Array([1, 2, 3]), { a: ['é', null] }])
    expect((items[0] as Uint8Array).buffer.byteLength).toBe(3)
  })

  it('gives what the codec makes of the bytes, whether they were read back or not', async () => {
    const codec = {
      encode: (date: Date) => new TextEncoder().encode(date.toISOString()),
      decode: (bytes: Uint8Array) => new Date(new TextDecoder().decode(bytes)),
    }
    const queue = channel<Date>(spill(new MemoryStore(), { codec, memory: 2 }))
    const days = numbers(6).map(day => new Date(2026, 0, day + 1))
    for (const day of days) await queue.send(day)
    queue.close()
    expect(await toArray(queue.readable)).toEqual(days)
  })
})

describe('an item that spill() has acknowledged', () => {
  it('is in the store', async () => {
    const store = new MemoryStore()
    store.slow = true
    const queue = channel<string>(spill(store))
    const sent = queue.send('a')
    expect(await fate(sent)).toBe('pending')
    expect(queue.stats()).toMatchObject({ received: 1, queued: 1 })
    store.release()
    expect(await fate(sent)).toBe(true)
    expect(await restOf(store.crash(false))).toEqual(['a'])
  })

  it('has gone there with all that came while the store was at work', async () => {
    const store = new MemoryStore()
    store.slow = true
    const queue = channel<number>(spill(store))
    queue.trySend(0)
    await rest()
    const sent = numbers(50).map(n => queue.send(n))
    store.slow = false
    store.release()
    await Promise.all(sent)
    expect(store.batches).toBe(2)
  })

  it('is not given before', async () => {
    const store = new MemoryStore()
    store.slow = true
    const queue = channel<string>(spill(store))
    const read = queue.readable.getReader().read()
    queue.trySend('a')
    expect(await fate(read)).toBe('pending')
    store.release()
    expect(await fate(read)).toEqual({ done: false, value: 'a' })
  })

  it('survives the machine too if that was asked for; word of what is finished with need not', async () => {
    const store = new MemoryStore()
    const queue = channel<string>(spill(store, { sync: true }))
    await queue.send('a')
    queue.close()
    await toArray(queue.readable)
    expect(store.syncs).toEqual([true, false])
  })

  it('leaves the store when the function has come to its end, and not before', async () => {
    const store = new MemoryStore()
    let finish!: () => void
    const work = map((item: string) => new Promise<string>(resolve => (finish = () => resolve(item))), {
      strategy: spill<string>(store),
    })
    const writer = work.writable.getWriter()
    const out = work.readable.getReader().read()
    await writer.write('a')
    await resting()
    expect(work.stats()).toMatchObject({ queued: 0, inFlight: 1 })
    expect(store.records.length).toBe(1)
    finish()
    expect(await out).toEqual({ done: false, value: 'a' })
    await resting()
    expect(store.records).toEqual([])
  })

  it('comes again in the next run if the function failed with it', async () => {
    const store = new MemoryStore()
    const fails = map(
      (n: number) => {
        if (n === 3) throw new Error('three')
        return n
      },
      { strategy: spill<number>(store, { memory: 2 }) },
    )
    await expect(toArray(from(numbers(6)).pipeThrough(fails))).rejects.toThrow('three')
    await resting()
    expect(await restOf(store)).toEqual(expect.arrayContaining([3]))
    expect(fails.stats()).toMatchObject({ done: 3, failed: 1 })
  })

  it('is counted as discarded by an abort, which leaves it in the store', async () => {
    const store = new MemoryStore()
    const queue = channel<number>(spill(store, { memory: 2 }))
    for (const n of numbers(5)) await queue.send(n)
    await queue.abort('enough')
    expect(queue.stats()).toMatchObject({ received: 5, queued: 0, discarded: 5 })
    await resting()
    expect(await restOf(store)).toEqual(numbers(5))
  })

  it('comes out before what a new run is sent', async () => {
    const store = await storeWith(['a', 'b', 'c'], 1)
    const queue = channel<string>(spill(store, { memory: 2 }))
    queue.trySend('d')
    queue.close()
    expect(await toArray(queue.readable)).toEqual(['a', 'b', 'c', 'd'])
    expect(queue.stats()).toMatchObject({ received: 4, done: 4 })
  })

  it('comes out of a run with less memory', async () => {
    const store = await storeWith(numbers(100), 100)
    expect(await restOf(store, 1)).toEqual(numbers(100))
  })

  it('does not come again after a reader has stopped', async () => {
    const store = await storeWith(numbers(10))
    const queue = channel<unknown>(spill(store, { memory: 4 }))
    const reader = queue.readable.getReader()
    for (const n of numbers(3)) expect((await reader.read()).value).toBe(n)
    await reader.cancel()
    expect(await restOf(store)).toEqual([3, 4, 5, 6, 7, 8, 9])
  })

  it('is recorded as finished with when a chain comes to its end', async () => {
    const store = new MemoryStore()
    await toArray(from(numbers(10)).pipeThrough(buffer(spill(store, { memory: 3 }))))
    // At once, so that the store can be closed.
    expect(store.records).toEqual([])
  })
})

describe('spill() with a store that has no room', () => {
  const room = { memory: 10, maxBytes: 3 * 5 } // items of one digit take 5 bytes

  it('goes on with what came before it was open, though the operator holds everything', async () => {
    const store = await storeWith([1, 2, 3])
    const stage = batch<unknown>(6, { strategy: spill(store, room) })
    const writer = stage.writable.getWriter()
    for (const n of [4, 5, 6]) writer.write(n)
    expect(await stage.readable.getReader().read()).toEqual({ done: false, value: [1, 2, 3, 4, 5, 6] })
  })

  it('makes the writer wait', async () => {
    const queue = channel<number>(spill(new MemoryStore(), room))
    const sent = numbers(4).map(n => queue.send(n))
    expect(await fate(sent[2] as Promise<boolean>)).toBe(true)
    expect(await fate(sent[3] as Promise<boolean>)).toBe('pending')
    expect(queue.utilization).toBe(1)
    expect(queue.stats().received).toBe(3)
    await queue.readable.getReader().read()
    expect(await fate(sent[3] as Promise<boolean>)).toBe(true)
  })

  it('tells of its pressure', async () => {
    const queue = channel<number>(spill(new MemoryStore(), room))
    const told: [boolean, number][] = []
    queue.onPressure(1, (high, { queued }) => told.push([high, queued]))
    for (const n of numbers(3)) queue.trySend(n)
    queue.close()
    await toArray(queue.readable)
    expect(told).toEqual([
      [true, 3],
      [false, 1],
    ])
  })

  it('answers trySend() with false', async () => {
    const queue = channel<number>(spill(new MemoryStore(), room))
    expect(numbers(4).map(n => queue.trySend(n))).toEqual([true, true, true, false])
    expect(queue.stats().received).toBe(3)
  })

  it('ends a wait after its timeout, or by its signal', async () => {
    const { useRealTimers, advanceTimersByTime } = (await import('vitest')).vi
    manualTime()
    try {
      const queue = channel<number>(spill(new MemoryStore(), room))
      for (const n of numbers(3)) await queue.send(n)
      const controller = new AbortController()
      const late = fate(queue.send(4, { timeout: 10 }))
      const gone = fate(queue.send(5, { signal: controller.signal }))
      advanceTimersByTime(10)
      controller.abort('gone')
      expect(await late).toBeInstanceOf(QueueTimeoutError)
      expect(await gone).toBe('gone')
      expect(queue.stats()).toMatchObject({ received: 4, timedOut: 1 })
    } finally {
      useRealTimers()
    }
  })

  it('refuses an item where that was asked for', async () => {
    const seen: number[] = []
    const queue = channel<number>(spill(new MemoryStore(), { ...room, whenFull: 'reject' }), {
      onReject: item => seen.push(item),
    })
    expect(await Promise.all(numbers(3).map(n => queue.send(n)))).toEqual([true, true, true])
    const refusal = await fate(queue.send(3))
    expect(refusal).toBeInstanceOf(QueueFullError)
    expect(refusal).toMatchObject({ item: 3, capacity: 15, stage: 'channel' })
    expect(queue.trySend(4)).toBe(false)
    expect(seen).toEqual([3, 4])
    expect(queue.stats()).toMatchObject({ received: 5, queued: 3, rejected: 2 })
  })

  it('takes an item alone that is bigger than all the room', async () => {
    const queue = channel<string>(spill(new MemoryStore(), room))
    expect(await queue.send('x'.repeat(100))).toBe(true)
    expect(await fate(queue.send('y'))).toBe('pending')
  })

  it('counts what an earlier run has left', async () => {
    const store = await storeWith([1, 2, 3])
    const queue = channel<unknown>(spill(store, room))
    expect(await fate(queue.send(4))).toBe('pending')
    expect(store.records.length).toBe(3)
  })
})

describe('spill() with a store that fails', () => {
  it('rejects exactly the writes that did not get there, and goes on', async () => {
    const store = new MemoryStore()
    const queue = channel<string>(spill(store), { name: 'jobs' })
    await queue.send('a')
    const cause = new Error('no space left on device')
    store.failures.batch.push(cause)
    const lost = await Promise.all(['b', 'c'].map(item => fate(queue.send(item))))
    for (const error of lost) {
      expect(error).toBeInstanceOf(SpillError)
      expect(error).toMatchObject({ code: 'ERR_SPILL_STORE', stage: 'jobs', cause })
      expect((error as Error).message).toBe('jobs: the store did not take 2 items: no space left on device')
    }
    await queue.send('d')
    queue.close()
    expect(await toArray(queue.readable)).toEqual(['a', 'd'])
    expect(queue.stats()).toMatchObject({ received: 4, done: 2, rejected: 2 })
  })

  it('fails a pipe, once what is in the store has come out', async () => {
    const store = new MemoryStore()
    const stage = buffer<number>(spill(store, { memory: 5 }))
    let cancelled: unknown
    const source = new ReadableStream<number>({
      pull(controller) {
        controller.enqueue(1)
        if (stage.stats().received > 20 && store.failures.batch.length === 0) {
          store.failures.batch.push(new Error('full'))
        }
      },
      cancel: reason => {
        cancelled = reason
      },
    })
    const out: number[] = []
    const end = forEach(from(source).pipeThrough(stage), n => void out.push(n))
    const error = await end.catch(error => error)
    expect(error).toBeInstanceOf(SpillError)
    expect(cancelled).toBe(error)
    expect(out.length).toBe(stage.stats().done)
    expect(stage.stats().rejected).toBeGreaterThan(0)
  })

  it('goes on with a pipe whose refusals are taken', async () => {
    const store = new MemoryStore()
    store.failures.batch.push(new Error('full'))
    const refused: number[] = []
    const stage = buffer<number>(spill(store, { memory: 5 }), { onReject: n => refused.push(n) })
    const out = await toArray(from(numbers(20)).pipeThrough(stage))
    expect(refused.length).toBeGreaterThan(0)
    expect([...refused, ...out]).toEqual(numbers(20))
  })

  it('fails the stage with an error of onReject', async () => {
    const store = new MemoryStore()
    const queue = channel<number>(spill(store), {
      onReject: () => {
        throw 'mine'
      },
    })
    store.failures.batch.push(new Error('full'))
    queue.trySend(1)
    expect(await toArray(queue.readable).catch(error => error)).toBe('mine')
  })

  it('fails when the store cannot be opened, and takes nothing', async () => {
    const store = new MemoryStore()
    store.failures.getMany.push(new Error('locked'))
    const queue = channel<number>(spill(store), { name: 'jobs' })
    const sent = fate(queue.send(1))
    const read = fate(toArray(queue.readable))
    expect(await sent).toMatchObject({
      code: 'ERR_SPILL_STORE',
      message: 'jobs: the store could not be opened: locked',
    })
    expect(await read).toBe(await sent)
    expect(queue.stats()).toMatchObject({ received: 1, discarded: 1 })
  })

  it('fails when the store cannot be read, after what is in memory; the store keeps the rest', async () => {
    const store = await storeWith(numbers(10), 4)
    const queue = channel<unknown>(spill(store, { memory: 4 }))
    const reader = queue.readable.getReader()
    expect((await reader.read()).value).toBe(0)
    store.failures.getMany.push(new Error('broken disk'))
    const out: unknown[] = []
    const error = await (async () => {
      for (;;) out.push((await reader.read()).value)
    })().catch(error => error)
    expect(error).toMatchObject({ code: 'ERR_SPILL_STORE' })
    expect(out.length).toBeGreaterThan(0)
    await resting()
    const { received, done, discarded } = queue.stats()
    expect([received, done + discarded]).toEqual([10, 10])
    expect(await restOf(store)).toEqual(numbers(10).slice(1 + out.length))
  })

  it('fails at its end if the store takes no word of what is finished with', async () => {
    const store = await storeWith(['a'])
    const queue = channel<unknown>(spill(store))
    for (let left = 0; left < 5; left++) store.failures.batch.push(new Error('full'))
    const closed = queue.close().catch(error => error)
    expect(await toArray(queue.readable).catch(error => error)).toMatchObject({ code: 'ERR_SPILL_STORE' })
    expect(await closed).toBeInstanceOf(SpillError)
    store.failures.batch.length = 0
    expect(await restOf(store)).toEqual(['a'])
  })

  it('lets go of an item that cannot be encoded, and of no other', async () => {
    const queue = channel<unknown>(spill(new MemoryStore()))
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(await fate(queue.send(circle))).toBeInstanceOf(TypeError)
    expect(await fate(queue.send(undefined))).toMatchObject({
      message: 'spill: the item has no JSON, received undefined',
    })
    expect(() => queue.trySend(1n)).toThrow(TypeError)
    await queue.send('fine')
    queue.close()
    expect(await toArray(queue.readable)).toEqual(['fine'])
    expect(queue.stats()).toMatchObject({ received: 4, done: 1, rejected: 3 })
  })
})

describe('spill() with callbacks that end the stage', () => {
  const codec = (encode: () => void, decode: () => void) => ({
    encode: (item: number) => (encode(), new Uint8Array([item])),
    decode: (bytes: Uint8Array) => (decode(), bytes[0] as number),
  })

  it.each(['abort', 'close'] as const)('refuses the item whose encode() calls %s', async how => {
    const queue: Channel<number> = channel<number>(
      spill(new MemoryStore(), {
        codec: codec(
          () => void queue[how]('enough' as never),
          () => {},
        ),
      }),
    )
    const refusal = await fate(queue.send(1))
    expect(refusal).toEqual(
      how === 'abort' ? 'enough' : new TypeError('channel: the writable side is closed'),
    )
    expect(queue.stats().received).toBe(0)
  })

  it('keeps the item whose decode() aborts', async () => {
    const store = new MemoryStore()
    const queue: Channel<number> = channel<number>(
      spill(store, {
        codec: codec(
          () => {},
          () => void queue.abort('enough'),
        ),
      }),
    )
    await queue.send(1)
    expect(await fate(toArray(queue.readable))).toBe('enough')
    expect(queue.stats()).toMatchObject({ received: 1, done: 0, discarded: 1 })
    expect(store.records.length).toBe(1)
    expect(store.data.has('spill/cursor')).toBe(false)
  })

  it('gives items once whose decode() closes the input', async () => {
    const queue: Channel<number> = channel<number>(
      spill(new MemoryStore(), {
        codec: codec(
          () => {},
          () => void queue.close(),
        ),
      }),
    )
    for (const n of numbers(4)) await queue.send(n)
    expect(await toArray(queue.readable)).toEqual(numbers(4))
  })

  it('gives an item once whose decode() asks for the next one', async () => {
    let reader: ReadableStreamDefaultReader<number> | undefined
    const reads: Promise<{ value?: number | undefined }>[] = []
    const ask = (): void => {
      if (reads.length < 4 && reader) reads.push(reader.read())
    }
    const queue = channel<number>(spill(new MemoryStore(), { codec: codec(() => {}, ask) }))
    for (const n of numbers(4)) await queue.send(n)
    reader = queue.readable.getReader()
    reads.push(reader.read())
    await resting()
    // The first read is the last to be noted: the others are made while it is.
    const items = (await Promise.all(reads)).map(({ value }) => value as number)
    expect(items.sort((a, b) => a - b)).toEqual(numbers(4))
  })

  it('keeps what the reader sends before it stops', async () => {
    const store = new MemoryStore()
    const queue = channel<number>(spill(store, { memory: 2 }))
    for (const n of numbers(5)) await queue.send(n)
    const out: number[] = []
    const reader = queue.readable.getReader()
    for (let n = 0; n < 3; n++) {
      out.push((await reader.read()).value as number)
      await queue.send(5 + n)
    }
    await resting()
    await reader.cancel()
    expect(out).toEqual([0, 1, 2])
    expect(await restOf(store)).toEqual([3, 4, 5, 6, 7])
  })
})

describe('spill() and its store', () => {
  it('does not take priorities, which it could not keep', () => {
    const store = new MemoryStore()
    expect(() => channel<number>(spill(store), { priority: n => n })).toThrow(
      new TypeError('channel: spill keeps the order of the items; it takes no priority'),
    )
    expect(() => channel<number>(spill(store))).not.toThrow()
  })

  it('is refused where another stage uses it, until that is through', async () => {
    const store = new MemoryStore()
    const strategy = spill<number>(store)
    const queue = channel<number>(strategy, { name: 'first' })
    expect(() => channel<number>(strategy)).toThrow(
      new TypeError(
        'spill: the stage "first" uses this store with the prefix "spill" already; give each its own prefix',
      ),
    )
    const other = channel<number>(spill(store, { prefix: 'other' }))
    await other.send(2)
    await queue.send(1)
    queue.close()
    expect(await toArray(queue.readable)).toEqual([1])
    expect(channel<number>(strategy).stats().received).toBe(0)
  })

  it('holds nothing of it after an abort before anybody read', async () => {
    const store = new MemoryStore()
    const strategy = spill<number>(store)
    const queue = channel<number>(strategy)
    await queue.abort()
    await resting()
    expect(() => channel<number>(strategy)).not.toThrow()
  })

  it('comes from a stage that has failed once it has heard what that one finished with', async () => {
    const store = await storeWith(numbers(5))
    const fails = map(
      (n: number) => {
        if (n === 3) throw new Error('three')
        return n
      },
      { strategy: spill<number>(store) },
    )
    store.slow = true
    await expect(toArray(fails.readable)).rejects.toThrow('three')
    const next = restOf(store)
    expect(await fate(next)).toBe('pending')
    store.slow = false
    store.release()
    expect(await next).toEqual([3, 4])
  })

  it('comes from a stage that waited for it in vain once the one before that lets go of it', async () => {
    const store = await storeWith(numbers(5))
    const first = channel<number>(spill(store)).readable.getReader()
    await first.read()
    store.slow = true
    first.cancel()
    channel<number>(spill(store)).abort()
    const next = restOf(store)
    expect(await fate(next)).toBe('pending')
    store.slow = false
    store.release()
    expect(await next).toEqual([1, 2, 3, 4])
  })

  it.each(['a channel', 'a writer'])('has heard all when the abort of %s settles', async who => {
    const store = await storeWith(numbers(5))
    const queue = channel<number>(spill(store))
    const writer = who === 'a writer' ? queue.writable.getWriter() : queue
    await queue.readable.getReader().read()
    store.slow = true
    const aborted = writer.abort('stop')
    expect(await fate(aborted)).toBe('pending')
    store.release()
    expect(await fate(aborted)).toBe('resolved')
    store.slow = false
    expect(await restOf(store)).toEqual([1, 2, 3, 4])
  })

  it('is what a stage waits for until it answers, says explain()', async () => {
    const store = new MemoryStore()
    store.slow = true
    const flow = from(numbers(3)).pipeThrough(map((n: number) => n, { name: 'keep', strategy: spill(store) }))
    const out = toArray(flow)
    await resting()
    const { culprit } = explain(flow)
    expect([culprit?.name, culprit?.waitsOn]).toEqual(['keep', 'store'])
    store.slow = false
    store.release()
    expect(await out).toEqual([0, 1, 2])
    expect(explain(flow).ended).toBe(true)
  })

  it('is free again when the transformer that was to use it could not start', () => {
    const strategy = spill<number>(new MemoryStore())
    const start = (): void => {
      throw new Error('no start')
    }
    expect(() => transform<number, number>({ start }, { strategy })).toThrow('no start')
    expect(() => new Stage({ start }, strategy)).toThrow('no start')
    expect(() => channel<number>(strategy)).not.toThrow()
  })

  it('hears that an item was given when its time had come, though none follows', async () => {
    const store = new MemoryStore()
    const stage = debounce<number>(20, { strategy: spill<number>(store) })
    const writer = stage.writable.getWriter()
    const read = stage.readable.getReader().read()
    manualTime()
    try {
      await writer.write(1)
      await resting()
      expect(store.records.length).toBe(1)
      vi.advanceTimersByTime(20)
      await resting()
    } finally {
      vi.useRealTimers()
    }
    expect(await read).toEqual({ done: false, value: 1 })
    expect(store.records).toEqual([])
  })

  it.each([
    [
      { store: {} },
      'store must be an abstract-level database or have batch, getMany and keys, received [object Object]',
    ],
    [
      { store: undefined },
      'store must be an abstract-level database or have batch, getMany and keys, received undefined',
    ],
    [{ memory: 0 }, 'memory must be a positive integer, received 0'],
    [{ maxBytes: 0 }, 'maxBytes must be a positive number, received 0'],
    [{ whenFull: 'drop' }, "whenFull must be 'wait' or 'reject', received \"drop\""],
    [{ prefix: 'a/b' }, 'prefix must be a string of its own, without a slash, received "a/b"'],
    [{ sync: 1 }, 'sync must be true or false, received 1'],
    [{ codec: { encode() {} } }, 'codec.decode must be a function, received undefined'],
    [{ onCorrupt: 1 }, 'onCorrupt must be a function, received 1'],
  ])('does not take %o', (bad, message) => {
    const { store = 'store' in bad ? undefined : new MemoryStore(), ...options } = bad as { store?: never }
    expect(() => spill(store as never, options as never)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`spill: ${message}`) }),
    )
  })
})
