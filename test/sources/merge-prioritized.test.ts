import {
  block,
  channel,
  Flow,
  forEach,
  from,
  mergePrioritized,
  type PrioritizedSource,
  take,
  toArray,
} from 'sluice'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { manualTime } from '../contract/overflow-driver.ts'
import { endless, probe, REASONS, readAll, settle, soon } from '../contract/probe.ts'
import { immediately } from '../setup/turn.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A platform stream that has these items already. */
const filled = <T>(items: readonly T[]): ReadableStream<T> =>
  new ReadableStream({
    start(controller) {
      for (const item of items) controller.enqueue(item)
      controller.close()
    },
  })

async function* later<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item
}

const kinds: [string, (items: readonly string[]) => PrioritizedSource<string>['source']][] = [
  ['arrays', items => [...items]],
  ['iterables', items => new Set(items)],
  ['flows', items => from(items)],
  ['platform streams', filled],
  ['async generators', later],
  ['streams behind a TransformStream', items => filled(items).pipeThrough(new TransformStream())],
]

describe('mergePrioritized()', () => {
  it('is a Flow; without sources it is empty', async () => {
    expect(mergePrioritized([])).toBeInstanceOf(Flow)
    expect(await toArray(mergePrioritized([]))).toEqual([])
  })

  describe.each(kinds)('of %s', (_, source) => {
    it('gives all of the higher one first, whichever is named first', async () => {
      const [low, high] = [
        { source: source(['l1', 'l2', 'l3']), priority: 0 },
        { source: source(['h1', 'h2', 'h3']), priority: 1 },
      ]
      expect(await toArray(mergePrioritized([low, high]))).toEqual(['h1', 'h2', 'h3', 'l1', 'l2', 'l3'])
    })

    it('lets those of the same priority take turns', async () => {
      const sources = ['a', 'b', 'c'].map(name => ({
        source: source([`${name}1`, `${name}2`]),
        priority: 5,
      }))
      expect(await toArray(mergePrioritized(sources))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
    })
  })

  it('gives what is there of a lower source in memory only after a higher one that answers by promises', async () => {
    const sources = [
      { source: [1, 2], priority: 0 },
      { source: filled([10, 20]), priority: 1 },
    ]
    expect(await toArray(mergePrioritized(sources))).toEqual([10, 20, 1, 2])
  })

  it('does not wait for a higher source that has nothing', async () => {
    const queue = channel<string>(block(9))
    const seen: string[] = []
    const all = forEach(
      mergePrioritized([
        { source: queue.readable, priority: 9 },
        { source: ['l1', 'l2'], priority: 0 },
      ]),
      item => void seen.push(item),
    )
    await settle()
    expect(seen).toEqual(['l1', 'l2'])
    queue.trySend('h1')
    await settle()
    expect(seen).toEqual(['l1', 'l2', 'h1'])
    queue.close()
    expect(await soon(all)).toEqual({ value: undefined })
  })

  it('pulls nothing before somebody reads, then one item ahead of each source', async () => {
    const sources = [
      probe(
        'fused',
        endless(n => n),
      ),
      probe(
        'fused',
        endless(n => n),
      ),
    ]
    const merged = mergePrioritized(sources.map(({ stream }, priority) => ({ source: stream, priority })))
    const reader = merged.getReader()
    await settle()
    expect(sources.map(({ pulled }) => pulled)).toEqual([0, 0])
    for (let reads = 1; reads < 4; reads++) {
      await reader.read()
      await settle()
      expect(sources.map(({ pulled }) => pulled)).toEqual([1, reads + 1])
    }
    await reader.cancel()
  })

  it('ages: a low source is not starved', async () => {
    manualTime()
    const merged = mergePrioritized(
      [
        { source: ['l1', 'l2'], priority: 0 },
        { source: endless(() => 'h'), priority: 3 },
      ],
      { ageing: 10 },
    )
    const reader = merged.getReader()
    const seen: (string | undefined)[] = []
    for (let ms = 0; ms < 65; ms++) {
      seen.push((await reader.read()).value)
      vi.advanceTimersByTime(1)
    }
    // The item that waits goes before one that has come 30 ms after it, which the read after that would give.
    expect(seen.flatMap((item, at) => (item === 'h' ? [] : [`${item} ${at}`]))).toEqual(['l1 31', 'l2 62'])
    await reader.cancel()
  })

  it.each([
    [undefined, 999, 'h'],
    [undefined, 1000, 'l'],
    [Infinity, 1e9, 'h'],
  ])(
    'ages by a level a second unless `ageing` says otherwise: %s, after %s ms',
    async (ageing, ms, wanted) => {
      manualTime()
      const sources = [
        { source: ['l'], priority: 0 },
        { source: endless(() => 'h'), priority: 1 },
      ]
      const reader = mergePrioritized(sources, ageing === undefined ? {} : { ageing }).getReader()
      await reader.read()
      // This one was there already, and has aged as well.
      vi.advanceTimersByTime(ms)
      await reader.read()
      expect((await reader.read()).value).toBe(wanted)
      await reader.cancel()
    },
  )

  it.each(REASONS)(
    'fails with the very error %s of a source, behind what was there, and cancels the others',
    async error => {
      const failing = probe('fused', [1, 2], { error })
      const others = [
        probe(
          'fused',
          endless(n => 10 + n),
        ),
        probe(
          'native',
          endless(n => 20 + n),
        ),
      ]
      const sources = [
        { source: failing.stream, priority: 1 },
        ...others.map(({ stream }) => ({ source: stream, priority: 0 })),
      ]
      const result = await soon(readAll(mergePrioritized(sources)))
      expect(result).toEqual({ value: { items: [1, 2, 10, 20], failed: true, error } })
      await settle()
      for (const { closed, stream } of others) {
        expect(closed).toEqual([error])
        expect(stream.locked).toBe(false)
      }
    },
  )

  it('hands an abort of a source on at once', async () => {
    const queue = channel<number>(block(9))
    const other = probe(
      'fused',
      endless(n => n),
    )
    const merged = mergePrioritized([
      { source: queue.readable, priority: 0 },
      { source: other.stream, priority: 1 },
    ])
    const reader = merged.getReader()
    queue.trySend(100)
    await reader.read()
    await queue.abort('enough')
    await expect(reader.read()).rejects.toBe('enough')
    expect(other.closed).toEqual(['enough'])
  })

  it.each(REASONS)('cancels all sources with the reason %s, and waits for their clean-up', async reason => {
    let cleaned = false
    const slow = new ReadableStream<number>(
      {
        pull: controller => controller.enqueue(1),
        cancel: () => settle(2).then(() => void (cleaned = true)),
      },
      { highWaterMark: 0 },
    )
    const others = [probe('fused', [1, 2]), probe('native', [3, 4])]
    const reader = mergePrioritized(
      [slow, ...others.map(({ stream }) => stream)].map(source => ({ source, priority: 0 })),
    ).getReader()
    await reader.read()
    await reader.cancel(reason)
    expect(cleaned).toBe(true)
    for (const { closed } of others) expect(closed).toEqual([reason])
  })

  it('cancels sources that nobody has read', async () => {
    const sources = [probe('fused', [1]), probe('native', [2])]
    await mergePrioritized(sources.map(({ stream }) => ({ source: stream, priority: 0 }))).cancel('unread')
    for (const { closed, stream } of sources) {
      expect(closed).toEqual(['unread'])
      expect(stream.locked).toBe(false)
    }
  })

  it('closes all sources when enough was taken', async () => {
    const sources = [
      probe(
        'fused',
        endless(n => n),
      ),
      probe(
        'native',
        endless(n => n),
      ),
    ]
    const merged = mergePrioritized(sources.map(({ stream }) => ({ source: stream, priority: 0 })))
    expect((await toArray(merged.pipeThrough(take(5)))).length).toBe(5)
    await settle()
    for (const { closed } of sources) expect(closed.length).toBe(1)
  })

  it('cancels itself from within without a further item', async () => {
    const controller = new AbortController()
    const sources = [{ source: endless(n => n), priority: 0 }]
    const seen: number[] = []
    const done = forEach(mergePrioritized(sources, { signal: controller.signal }), item => {
      seen.push(item)
      if (item === 3) controller.abort('enough')
    })
    await expect(done).rejects.toBe('enough')
    expect(seen).toEqual([0, 1, 2, 3])
  })

  it('hands control back between many short sources', async () => {
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
    let turn = 0
    let longest = 0
    vi.stubGlobal('setImmediate', (task: () => void) =>
      immediately(() => {
        turn = now
        task()
      }),
    )
    const sources = Array.from({ length: 50 }, (_, priority) => ({ source: [priority], priority }))
    await forEach(mergePrioritized(sources), () => {
      now += 1
      longest = Math.max(longest, now - turn)
    })
    vi.unstubAllGlobals()
    clock.mockRestore()
    expect(longest).toBeLessThanOrEqual(10)
  })
})

describe('mergePrioritized() refuses', () => {
  const item = (source: unknown, priority: unknown = 0) => ({ source, priority })
  it.each<[string, unknown, typeof Error, string]>([
    ['no list', 5, TypeError, 'sources must be an array of { source, priority }, received 5'],
    ['nothing', undefined, TypeError, 'sources must be an array of { source, priority }, received undefined'],
    [
      'a source without its priority',
      [[1, 2]],
      TypeError,
      'priority must be a finite number, received undefined',
    ],
    ['null', [null], TypeError, 'a source must be { source, priority }, received null'],
    [
      'a priority in words',
      [item([], 'high')],
      TypeError,
      'priority must be a finite number, received "high"',
    ],
    ['NaN', [item([], Number.NaN)], RangeError, 'priority must be a finite number, received NaN'],
    [
      'what gives no items',
      [item(5)],
      TypeError,
      'source must be an iterable, an async iterable or a ReadableStream',
    ],
  ])('%s', (_, sources, kind, message) => {
    expect(() => mergePrioritized(sources as never)).toThrow(kind)
    expect(() => mergePrioritized(sources as never)).toThrow(message)
  })

  it.each([0, Number.NaN, -1, '5'])('ageing %s', ageing => {
    expect(() => mergePrioritized([], { ageing: ageing as number })).toThrow(
      'mergePrioritized: ageing must be',
    )
  })

  it('a locked stream, or one that is named twice, and takes hold of none', () => {
    const [free, locked] = [filled([1]), filled([2])]
    locked.getReader()
    expect(() => mergePrioritized([item(free), item(locked)] as never)).toThrow('the stream is locked')
    expect(free.locked).toBe(false)
    expect(() => mergePrioritized([item(free), item(free)] as never)).toThrow('the stream is locked')
    expect(free.locked).toBe(false)
  })

  it('and closes what it has opened by then', () => {
    const error = new Error('hostile')
    const hostile = {
      [Symbol.iterator]() {
        throw error
      },
    }
    const { stream, closed } = probe('fused', [1])
    expect(() => mergePrioritized([item(stream), item(hostile)] as never)).toThrow(error)
    expect(closed).toEqual([error])
    expect(stream.locked).toBe(false)
  })
})
