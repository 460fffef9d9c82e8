import {
  block,
  buffer,
  channel,
  dropNewest,
  dropOldest,
  from,
  type PriorityOptions,
  QueueFullError,
  QueueTimeoutError,
  reject,
  type Strategy,
  timeout,
  toArray,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualTime, rest } from '../contract/overflow-driver.ts'
import { expectLaw } from '../contract/probe.ts'

beforeEach(manualTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

interface Job {
  readonly id: string
  readonly level: number
}

/** 'a1' is the job a of level 1. */
const job = (text: string): Job => ({ id: text, level: Number(text.slice(1)) })
const level = (job: Job): number => job.level
const ids = (jobs: readonly unknown[]): string => jobs.map(job => (job as Job).id).join(' ')

/** What comes out of a channel that is sent these jobs and then closed, and who was told of what. */
async function through(strategy: Strategy<Job>, jobs: string, options: Partial<PriorityOptions<Job>> = {}) {
  const told: string[] = []
  const queue = channel<Job>(strategy, {
    priority: level,
    onDrop: (job, reason) => told.push(`${job.id} ${reason}`),
    onReject: (job, error) => told.push(`${job.id} ${error.code}`),
    ...options,
  })
  const taken = jobs.split(' ').map(text => queue.trySend(job(text)))
  queue.close()
  const out = ids(await toArray(queue.readable))
  expectLaw(queue)
  return { out, told, taken, queue }
}

describe('priority', () => {
  it('higher ones leave first, those of a level in the order in which they came', async () => {
    const { out } = await through(block(9), 'a0 b2 c1 d2 e-1 f0')
    expect(out).toBe('b2 d2 c1 a0 f0 e-1')
  })

  it('is an option of buffer() too', async () => {
    const jobs = ['a0', 'b2', 'c1'].map(job)
    const flow = from(jobs).pipeThrough(buffer(block(3), { priority: level }))
    // Pulled ahead before anybody reads.
    await rest()
    expect(ids(await toArray(flow))).toBe('b2 c1 a0')
  })

  it('orders those who wait for room too: the highest of all goes next', async () => {
    const queue = channel<Job>(block(1), { priority: level })
    const sent = ['a1', 'b0', 'c3', 'd2'].map(text => queue.send(job(text)))
    queue.close()
    expect(ids(await toArray(queue.readable))).toBe('c3 d2 a1 b0')
    expect(await Promise.all(sent)).toEqual([true, true, true, true])
  })

  it('lets a light one pass a heavier one that waits, if it is higher', async () => {
    for (const [text, passes] of [
      ['c5', true],
      ['c2', false],
      ['c1', false],
    ] as const) {
      const size = (job: Job): number => (job.id === 'heavy' ? 3 : 1)
      const queue = channel<Job>(block({ highWaterMark: 4, size }), { priority: level })
      queue.trySend(job('a1'))
      queue.trySend(job('b1'))
      const waiting = queue.send({ id: 'heavy', level: 2 })
      expect(queue.trySend(job(text))).toBe(passes)
      queue.close()
      expect(ids(await toArray(queue.readable))).toBe(passes ? 'c5 heavy a1 b1' : 'heavy a1 b1')
      expect(await waiting).toBe(true)
    }
  })

  it('rises by 1 for every second of waiting, unless `ageing` says otherwise', async () => {
    const order = async (ageing: number | undefined, pause: number) => {
      const queue = channel<Job>(block(9), { priority: level, ...(ageing !== undefined && { ageing }) })
      queue.trySend(job('a0'))
      vi.advanceTimersByTime(pause)
      queue.trySend(job('b1'))
      queue.close()
      return ids(await toArray(queue.readable))
    }
    expect(await order(undefined, 999)).toBe('b1 a0')
    expect(await order(undefined, 1000)).toBe('a0 b1')
    expect(await order(50, 49)).toBe('b1 a0')
    expect(await order(50, 50)).toBe('a0 b1')
    expect(await order(Infinity, 1e9)).toBe('b1 a0')
  })

  it('counts the age of one who waited for room from when it came', async () => {
    const queue = channel<Job>(block(1), { priority: level, ageing: 100 })
    queue.trySend(job('x9'))
    void queue.send(job('a0'))
    vi.advanceTimersByTime(150)
    void queue.send(job('b1'))
    queue.close()
    expect(ids(await toArray(queue.readable))).toBe('x9 a0 b1')
  })

  it('is asked once for an item that has to wait, and not for one that goes straight through', async () => {
    const priority = vi.fn(level)
    const queue = channel<Job>(block(1), { priority })
    const reader = queue.readable.getReader()
    const read = reader.read()
    await rest()
    queue.trySend(job('a0'))
    await read
    expect(priority).not.toHaveBeenCalled()
    queue.trySend(job('b0'))
    void queue.send(job('c0'))
    await reader.read()
    await reader.read()
    expect(priority).toHaveBeenCalledTimes(2)
  })

  it.each([undefined, null, 0, new Error('no')])('fails the stage with what it throws: %s', async error => {
    const queue = channel<Job>(block(9), {
      priority: ({ level }) => {
        if (level < 0) throw error
        return level
      },
    })
    queue.trySend(job('a1'))
    await expect(queue.send(job('b-1')).catch(error => ({ error }))).resolves.toEqual({ error })
    const reader = queue.readable.getReader()
    expect((await reader.read()).value).toEqual(job('a1'))
    await expect(reader.read().catch(error => ({ error }))).resolves.toEqual({ error })
    expectLaw(queue)
  })

  it.each([
    [Number.NaN, RangeError, 'channel: priority must give a finite number, received NaN'],
    [Infinity, RangeError, 'channel: priority must give a finite number, received Infinity'],
    ['1', TypeError, 'channel: priority must give a finite number, received "1"'],
    [undefined, TypeError, 'channel: priority must give a finite number, received undefined'],
  ])('fails the stage when it gives %s', async (value, kind, message) => {
    const queue = channel<Job>(block(9), { priority: () => value as number })
    await expect(queue.send(job('a1'))).rejects.toThrow(new kind(message))
  })

  it('is worked out before the next item comes, whoever sends one from within', async () => {
    const queue = channel<Job>(block(9), {
      priority(job) {
        if (job.id === 'a0') queue.trySend({ id: 'inner', level: 1 })
        return job.level
      },
    })
    for (const text of ['a0', 'b2']) queue.trySend(job(text))
    queue.close()
    expect(ids(await toArray(queue.readable))).toBe('b2 inner a0')
    expectLaw(queue)
  })

  it('weighs nothing once nothing is in, whatever fractions add up to', async () => {
    const queue = channel<number>(block({ highWaterMark: 1, size: n => n }), { priority: n => n })
    const reader = queue.readable.getReader()
    for (const weight of [0.1, 0.7, 0.2]) queue.trySend(weight)
    for (let reads = 0; reads < 3; reads++) await reader.read()
    expect(0.1 + 0.7 + 0.2 - 0.7 - 0.2 - 0.1).not.toBe(0)
    expect(queue.size).toBe(0)
  })

  it('lets go of all when the channel is aborted or cancelled, those who wait included', async () => {
    for (const end of ['abort', 'cancel'] as const) {
      const queue = channel<Job>(timeout(1, 50), { priority: level })
      queue.trySend(job('a1'))
      const waiting = [queue.send(job('b2')), queue.send(job('c3'))].map(sent => sent.catch(error => error))
      if (end === 'abort') await queue.abort('over')
      else await queue.readable.cancel('over')
      expect(await Promise.all(waiting)).toEqual(['over', 'over'])
      expect(queue.stats()).toMatchObject({ received: 1, discarded: 1, queued: 0 })
    }
  })

  it('forgets one who gives up', async () => {
    const queue = channel<Job>(block(1), { priority: level })
    queue.trySend(job('a1'))
    const controller = new AbortController()
    const gone = queue.send(job('b3'), { signal: controller.signal }).catch(error => error)
    void queue.send(job('c2'))
    controller.abort('enough')
    queue.close()
    expect(await gone).toBe('enough')
    expect(ids(await toArray(queue.readable))).toBe('c2 a1')
  })
})

describe('a full inbox with priorities', () => {
  it('goes by the strategy alone, unless told otherwise', async () => {
    expect(await through(dropNewest(2), 'a0 b1 c5')).toMatchObject({ out: 'b1 a0', told: ['c5 dropNewest'] })
    expect(await through(dropOldest(2), 'a5 b1 c0')).toMatchObject({ out: 'b1 c0', told: ['a5 dropOldest'] })
    expect(await through(reject(2), 'a0 b1 c5')).toMatchObject({ out: 'b1 a0', told: ['c5 ERR_QUEUE_FULL'] })
  })
})

describe("evict: 'lowest'", () => {
  const evict = 'lowest' as const

  it('dropNewest lets the lowest go, of several the one that came last', async () => {
    const { out, told, taken, queue } = await through(dropNewest(3), 'a1 b0 c0 d2 e0 f0', { evict })
    expect(out).toBe('d2 a1 b0')
    expect(told).toEqual(['c0 dropNewest', 'e0 dropNewest', 'f0 dropNewest'])
    expect(taken).toEqual([true, true, true, true, false, false])
    expect(queue.stats()).toMatchObject({ received: 6, done: 3, dropped: 3 })
  })

  it('dropOldest lets the lowest go, of several the one that has waited longest', async () => {
    const { out, told, taken } = await through(dropOldest(3), 'a1 b0 c0 d2 e0 f-1', { evict })
    expect(out).toBe('d2 a1 e0')
    expect(told).toEqual(['b0 dropOldest', 'c0 dropOldest', 'f-1 dropOldest'])
    expect(taken).toEqual([true, true, true, true, true, false])
  })

  it('reject refuses the lowest, be it in already', async () => {
    const { out, told, taken, queue } = await through(reject(2), 'a0 b1 c2 d1 e0', { evict })
    expect(out).toBe('c2 b1')
    expect(told).toEqual(['a0 ERR_QUEUE_FULL', 'd1 ERR_QUEUE_FULL', 'e0 ERR_QUEUE_FULL'])
    expect(taken).toEqual([true, true, true, false, false])
    expect(queue.stats()).toMatchObject({ received: 5, done: 2, rejected: 3 })
  })

  it('timeout refuses the lowest when the time of a waiting item is up', async () => {
    const told: unknown[] = []
    const queue = channel<Job>(timeout(2, 10), {
      priority: level,
      evict,
      onReject: (job, error) => told.push([job.id, error.constructor]),
    })
    queue.trySend(job('a1'))
    queue.trySend(job('b0'))
    const answers = [job('c2'), job('d0')].map(job => queue.send(job).catch(error => error))
    await vi.advanceTimersByTimeAsync(9)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toEqual([
      ['b0', QueueFullError],
      ['d0', QueueTimeoutError],
    ])
    expect(await Promise.all(answers)).toMatchObject([true, { code: 'ERR_QUEUE_TIMEOUT' }])
    queue.close()
    expect(ids(await toArray(queue.readable))).toBe('c2 a1')
    expect(queue.stats()).toMatchObject({ received: 4, done: 2, rejected: 1, timedOut: 1 })
  })

  it('lets nobody go in vain', async () => {
    const size = (job: Job) => (job.id === 'heavy' ? 4 : 1)
    const queue = channel<Job>(dropNewest({ highWaterMark: 5, size }), { priority: level, evict })
    for (const text of ['a0', 'b0', 'c2', 'd2', 'e1']) queue.trySend(job(text))
    // Three would have to go besides the two that are lower.
    expect(queue.trySend({ id: 'heavy', level: 1 })).toBe(false)
    expect(queue.size).toBe(5)
    expect(queue.trySend({ id: 'heavy', level: 2 })).toBe(false)
    expect(queue.trySend({ id: 'heavy', level: 3 })).toBe(true)
    queue.close()
    expect(ids(await toArray(queue.readable))).toBe('heavy c2')
    expect(queue.stats()).toMatchObject({ received: 8, done: 2, dropped: 6 })
  })

  it('tells a writer that waits to write when a heavy item went for a light one', async () => {
    const size = (job: Job) => (job.level === 0 ? 3 : 1)
    const stage = buffer<Job>(reject({ highWaterMark: 3, size }), { priority: level, evict, onReject() {} })
    const writer = stage.writable.getWriter()
    await writer.write(job('a0'))
    const ready = vi.fn()
    void writer.ready.then(ready)
    await rest()
    expect(ready).not.toHaveBeenCalled()
    await writer.write(job('b1'))
    await rest()
    expect(ready).toHaveBeenCalled()
  })

  it.each(['cancel', 'abort', 'send', 'throw'] as const)(
    'keeps its account when onDrop does this: %s',
    async what => {
      const queue = channel<Job>(dropOldest(2), {
        priority: level,
        evict,
        onDrop({ id }) {
          if (id !== 'a0') return
          if (what === 'cancel') void queue.readable.cancel('from within')
          else if (what === 'abort') void queue.abort('from within')
          else if (what === 'send') queue.trySend(job('x3'))
          else throw 'from within'
        },
      })
      for (const text of ['a0', 'b1', 'c2']) {
        queue.trySend(job(text))
        expectLaw(queue)
      }
      const { received, queued, dropped, discarded } = queue.stats()
      expect({ received, queued, dropped, discarded }).toEqual(
        {
          cancel: { received: 3, queued: 0, dropped: 1, discarded: 2 },
          abort: { received: 3, queued: 0, dropped: 1, discarded: 2 },
          // The one from within took the place, so that the next lowest had to go.
          send: { received: 4, queued: 2, dropped: 2, discarded: 0 },
          throw: { received: 2, queued: 1, dropped: 1, discarded: 0 },
        }[what],
      )
      if (what === 'send') queue.close()
      if (what === 'throw' || what === 'abort')
        await expect(toArray(queue.readable)).rejects.toBe('from within')
      if (what === 'send') expect(ids(await toArray(queue.readable))).toBe('x3 c2')
    },
  )

  it.each(['cancel', 'throw'] as const)(
    'keeps its account when onReject does this at a timeout: %s',
    async what => {
      const queue = channel<Job>(timeout(1, 10), {
        priority: level,
        evict,
        onReject() {
          if (what === 'cancel') void queue.readable.cancel('from within')
          else throw 'from within'
        },
      })
      queue.trySend(job('a0'))
      const answer = queue.send(job('b1')).catch(error => error)
      await vi.advanceTimersByTimeAsync(10)
      expectLaw(queue)
      if (what === 'throw') {
        expect(await answer).toBe('from within')
        await expect(toArray(queue.readable)).rejects.toBe('from within')
      } else expect(queue.stats()).toMatchObject({ received: 2, rejected: 1, discarded: 1 })
    },
  )
})

describe('options', () => {
  const onReject = (): void => {}
  it.each<[string, Strategy<Job>, object, string]>([
    ['priority', block(1), { priority: 1 }, 'channel: priority must be a function, received 1'],
    [
      'ageing',
      block(1),
      { priority: level, ageing: '1s' },
      'channel: ageing must be a number of milliseconds',
    ],
    ['ageing 0', block(1), { priority: level, ageing: 0 }, 'channel: ageing must be above 0, received 0'],
    [
      'ageing NaN',
      block(1),
      { priority: level, ageing: Number.NaN },
      'channel: ageing must be above 0, received NaN',
    ],
    ['ageing alone', block(1), { ageing: 5 }, 'channel: ageing needs a priority'],
    ['evict alone', reject(1), { evict: 'lowest', onReject }, 'channel: evict needs a priority'],
    [
      'evict',
      reject(1),
      { priority: level, evict: 'oldest' },
      'channel: evict must be \'lowest\', received "oldest"',
    ],
    [
      'evict with block',
      block(1),
      { priority: level, evict: 'lowest' },
      'channel: evict needs a strategy that drops or refuses, received block',
    ],
    [
      'evict without onReject',
      timeout(1, 5),
      { priority: level, evict: 'lowest' },
      'channel: evict with timeout needs an onReject; nobody else would learn of an item that was in',
    ],
  ])('refuses a bad %s', (_, strategy, options, message) => {
    expect(() => channel(strategy, options as never)).toThrow(message)
    expect(() => buffer(strategy, options as never)).toThrow(message.replace('channel', 'buffer'))
  })
})
