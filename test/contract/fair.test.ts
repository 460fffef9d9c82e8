import {
  batch,
  block,
  buffer,
  count,
  distinct,
  drain,
  drop,
  filter,
  flatMap,
  flatten,
  forEach,
  from,
  map,
  range,
  scan,
  sink,
  take,
  tap,
  toArray,
  transform,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { immediately } from '../setup/turn.ts'

/** Longest time, in milliseconds, that a chain may hold the event loop. */
const LIMIT = 10

let now = 0
let handedBack = 0
/** Longest time on this clock between two turns of the event loop. */
let longest = 0

beforeEach(() => {
  now = 1000
  handedBack = 1000
  longest = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.stubGlobal('setImmediate', (task: () => void) =>
    immediately(() => {
      look()
      task()
    }),
  )
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** A turn of the event loop: how long was it held before? */
function look(): void {
  longest = Math.max(longest, now - handedBack)
  handedBack = now
}

/** Work that takes this long on the test's clock. */
const works = (ms: number) => (item: number) => {
  now += ms
  return item
}

const chains: Record<string, (source: ReadableStream<number>, ms: number) => Promise<unknown>> = {
  map: (source, ms) => drain(source.pipeThrough(map(works(ms)))),
  'eight maps': (source, ms) => {
    let flow = source
    for (let n = 0; n < 8; n++) flow = flow.pipeThrough(map(works(ms / 8)))
    return count(flow)
  },
  'filter that passes nothing': (source, ms) => toArray(source.pipeThrough(filter(n => works(ms)(n) < 0))),
  flatMap: (source, ms) => drain(source.pipeThrough(flatMap(n => [works(ms)(n)]))),
  'flatMap with concurrency': (source, ms) =>
    drain(source.pipeThrough(flatMap(n => [works(ms)(n)], { concurrency: 4 }))),
  'batch and flatten': (source, ms) =>
    drain(
      source
        .pipeThrough(batch(10))
        .pipeThrough(flatten())
        .pipeThrough(tap(works(ms))),
    ),
  scan: (source, ms) => drain(source.pipeThrough(scan((_, n) => works(ms)(n), 0))),
  distinct: (source, ms) => drain(source.pipeThrough(distinct(works(ms)))),
  transform: (source, ms) =>
    drain(source.pipeThrough(transform({ transform: (n: number, c) => c.enqueue(works(ms)(n)) }))),
  'an inbox': (source, ms) => drain(source.pipeThrough(buffer(block(4))).pipeThrough(map(works(ms)))),
  'map with concurrency': (source, ms) => drain(source.pipeThrough(map(works(ms), { concurrency: 4 }))),
  forEach: (source, ms) => forEach(source, works(ms)),
  sink: (source, ms) => source.pipeTo(sink(works(ms))),
  'drop most': (source, ms) => drain(source.pipeThrough(tap(works(ms))).pipeThrough(drop(1e9))),
  'for await': async (source, ms) => {
    for await (const item of source.pipeThrough(map(works(ms)))) if (item < 0) break
  },
}

const LENGTH = 400
const sources: Record<string, () => ReadableStream<number>> = {
  'an array': () => from([...Array(LENGTH).keys()]),
  'an iterable': () => from(new Set(Array(LENGTH).keys())),
  'a range': () => range(0, LENGTH),
  'one long expansion': () => from([0]).pipeThrough(flatMap(() => Array(LENGTH).keys())),
  'one long array expanded': () => from([0]).pipeThrough(flatMap(() => [...Array(LENGTH).keys()])),
}

describe.each(Object.entries(sources))(
  'a saturated chain over %s hands control back in time:',
  (_, source) => {
    it.each(Object.entries(chains))('%s', async (_name, run) => {
      for (const ms of [0.01, 0.3, 1, 7]) {
        now += 1000
        handedBack = now
        longest = 0
        await run(source(), ms)
        look()
        // An item is never interrupted: the one that crosses the limit may finish.
        expect(longest, `${ms} ms an item`).toBeLessThanOrEqual(LIMIT + ms)
      }
    })
  },
)

describe('a chain that turns slow', () => {
  it.each(['an array', 'an iterable'])('is noticed before long (%s)', async source => {
    const items = [...Array(3000).keys()]
    const slow = (n: number) => works(n < 2000 ? 0.0001 : 0.1)(n)
    handedBack = now
    await drain(from(source === 'an array' ? items : new Set(items)).pipeThrough(map(slow)))
    look()
    // The clock is looked at every 64 items at the least: a look is dear beside a short item.
    expect(longest).toBeLessThanOrEqual(LIMIT + 64 * 0.1)
  })
})

describe('a short chain', () => {
  it('costs no turn of the event loop', async () => {
    const turns = vi.fn(immediately)
    vi.stubGlobal('setImmediate', turns)
    await drain(
      range(0, 1000)
        .pipeThrough(map(works(0.001)))
        .pipeThrough(filter(n => n % 2 === 0)),
    )
    expect(turns).not.toHaveBeenCalled()
  })
})

describe('a 10 ms timer beside a saturated chain', () => {
  it('keeps firing', async () => {
    vi.restoreAllMocks()
    let fired = 0
    const timer = setInterval(() => fired++, 10)
    const spin = (n: number) => {
      for (const until = performance.now() + 0.2; performance.now() < until; );
      return n
    }
    const start = performance.now()
    await drain(range(0, 1000).pipeThrough(map(spin)).pipeThrough(take(1e9)))
    clearInterval(timer)
    // 200 ms of work and more on a busy machine; a starved timer would not fire once.
    expect(performance.now() - start).toBeGreaterThan(190)
    expect(fired).toBeGreaterThanOrEqual(5)
  })
})
