import {
  block,
  buffer,
  type Capacity,
  channel,
  dropNewest,
  dropOldest,
  map,
  type OverflowMode,
  reject,
  Stage,
  type StageStrategy,
  type Strategy,
  timeout,
  toArray,
} from 'sluice'
import { describe, expect, it } from 'vitest'

const MAKERS: Record<OverflowMode, (capacity: Capacity<number>) => Strategy<number>> = {
  block,
  dropNewest,
  dropOldest,
  reject,
  timeout: capacity => timeout(capacity, 5),
}

const modes = Object.keys(MAKERS) as OverflowMode[]
const size = (n: number): number => n

/** Bad capacities, and the error each gets from a strategy called `name`. */
const BAD: readonly [capacity: unknown, error: (name: string) => Error][] = [
  [-1, name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received -1`)],
  [1.5, name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received 1.5`)],
  [Number.NaN, name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received NaN`)],
  [
    -Infinity,
    name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received -Infinity`),
  ],
  [
    0,
    name =>
      new RangeError(
        `${name}: capacity must be a positive integer or Infinity, received 0; an inbox of 0 could never take an item: leave the strategy out for a direct hand-over`,
      ),
  ],
  [{ highWaterMark: -1, size }, name => new RangeError(`${name}: capacity must be a positive number, received -1`)],
  [{ highWaterMark: Number.NaN, size }, name => new RangeError(`${name}: capacity must be a positive number, received NaN`)],
  [
    { highWaterMark: 0, size },
    name =>
      new RangeError(
        `${name}: capacity must be a positive number, received 0; an inbox of 0 could never take an item: leave the strategy out for a direct hand-over`,
      ),
  ],
  [
    { highWaterMark: 2.5 },
    name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received 2.5`),
  ],
  ['16', name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received "16"`)],
  [null, name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received null`)],
  [
    undefined,
    name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received undefined`),
  ],
  [{}, name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received [object Object]`)],
  [16n, name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received 16n`)],
  [{ highWaterMark: 2, size: 3 }, name => new TypeError(`${name}: size must be a function, received 3`)],
  [{ highWaterMark: 2, size: null }, name => new TypeError(`${name}: size must be a function, received null`)],
]

describe.each(modes)('%s()', mode => {
  const make = MAKERS[mode]
  const ms = mode === 'timeout' ? { timeout: 5 } : {}

  it('gives a frozen strategy of a count', () => {
    const strategy = make(16)
    expect(strategy).toEqual({ mode, highWaterMark: 16, ...ms })
    expect(Object.isFrozen(strategy)).toBe(true)
    expect('size' in strategy).toBe(false)
  })

  it('gives a strategy of a weight, fractions allowed', () => {
    expect(make({ highWaterMark: 0.5, size })).toEqual({ mode, highWaterMark: 0.5, size, ...ms })
  })

  it('takes an object without size as a count', () => {
    expect(make({ highWaterMark: 3 })).toEqual({ mode, highWaterMark: 3, ...ms })
  })

  it('takes a CountQueuingStrategy as a count', () => {
    const strategy = make(new CountQueuingStrategy({ highWaterMark: 3 }))
    expect(strategy).toEqual({ mode, highWaterMark: 3, ...ms })
    expect(() => make(new CountQueuingStrategy({ highWaterMark: 1.5 }))).toThrow(RangeError)
  })

  it('takes Infinity, counted and weighed', () => {
    expect(make(Infinity).highWaterMark).toBe(Infinity)
    expect(make({ highWaterMark: Infinity, size }).highWaterMark).toBe(Infinity)
  })

  it.each(BAD)('refuses %o', (capacity, error) => {
    expect(() => make(capacity as number)).toThrow(error(mode))
  })

  it('is a valid strategy of a native stream', async () => {
    const stream = new ReadableStream<number>(
      {
        start(controller) {
          controller.enqueue(3)
          expect(controller.desiredSize).toBe(1)
          controller.close()
        },
      },
      make({ highWaterMark: 4, size }),
    )
    expect(await toArray(stream)).toEqual([3])
    expect(new WritableStream(undefined, make(2)).getWriter().desiredSize).toBe(2)
    expect(new TransformStream(undefined, make(2), make(2)).writable.getWriter().desiredSize).toBe(2)
  })
})

describe('timeout()', () => {
  it.each([0, 2_147_483_647, 0.5])('takes %s ms', ms => {
    expect(timeout(1, ms).timeout).toBe(ms)
  })

  it.each([-1, -0.001, Number.NaN, Infinity, 2_147_483_648])('refuses %s ms', ms => {
    expect(() => timeout(1, ms)).toThrow(
      new RangeError(`timeout: ms must be from 0 to 2147483647 milliseconds, received ${ms}`),
    )
  })

  it.each([
    ['5', '"5"'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{}, '[object Object]'],
  ])('refuses %o as a delay', (ms, shown) => {
    expect(() => timeout(1, ms as number)).toThrow(
      new TypeError(`timeout: ms must be a number of milliseconds, received ${shown}`),
    )
  })
})

/** What a stage does with 1, 2, 3, 4 written at once: what comes out, and how many writes waited. */
async function behaviour(strategy: StageStrategy<number>): Promise<string> {
  const stage = map((n: number) => n, { strategy })
  const writer = stage.writable.getWriter()
  let settled = 0
  const writes = [1, 2, 3, 4].map(n => writer.write(n).finally(() => settled++))
  const refused = Promise.allSettled(writes).then(all => all.filter(({ status }) => status === 'rejected').length)
  await new Promise(resolve => setImmediate(resolve))
  const waited = 4 - settled
  writer.close()
  return `${await toArray(stage.readable)}, ${waited} waited, ${await refused} refused`
}

describe("a stage's strategy", () => {
  it.each<[string, StageStrategy<number>, string]>([
    ['block', block(2), '1,2,3,4, 2 waited, 0 refused'],
    ['dropNewest', dropNewest(2), '1,2, 0 waited, 0 refused'],
    ['dropOldest', dropOldest(2), '3,4, 0 waited, 0 refused'],
    ['reject', reject(2), '1,2, 0 waited, 2 refused'],
    ['timeout', timeout(2, 10_000), '1,2,3,4, 2 waited, 0 refused'],
    ['a plain object, as block', { highWaterMark: 2 }, '1,2,3,4, 2 waited, 0 refused'],
    ['a plain weighed object, as block', { highWaterMark: 3, size }, '1,2,3,4, 2 waited, 0 refused'],
    ['an empty object, as block(1)', {}, '1,2,3,4, 3 waited, 0 refused'],
    ['a CountQueuingStrategy, as block', new CountQueuingStrategy({ highWaterMark: 2 }), '1,2,3,4, 2 waited, 0 refused'],
    ['a plain object with a mode', { mode: 'dropOldest', highWaterMark: 2 }, '3,4, 0 waited, 0 refused'],
  ])('%s', async (_, strategy, wanted) => {
    expect(await behaviour(strategy)).toBe(wanted)
  })

  it('may be a ByteLengthQueuingStrategy: its items are weighed', async () => {
    const stage = buffer<Uint8Array>(new ByteLengthQueuingStrategy({ highWaterMark: 10 }))
    const writer = stage.writable.getWriter()
    await writer.write(new Uint8Array(4))
    expect(writer.desiredSize).toBe(6)
    expect(stage.stats()).toMatchObject({ queued: 1, capacity: 10, utilization: 0.4 })
  })

  it('calls size without this, as the standard does', async () => {
    const seen: unknown[] = []
    const strategy = {
      highWaterMark: 5,
      size(this: unknown, n: number) {
        seen.push(this)
        return n
      },
    }
    await map((n: number) => n, { strategy }).writable.getWriter().write(1)
    await channel(block(strategy)).send(1)
    expect(seen).toEqual([undefined, undefined])
  })

  it.each<[unknown, Error]>([
    [5, new TypeError('map: strategy must be a QueuingStrategy such as block(16), received 5')],
    [null, new TypeError('map: strategy must be a QueuingStrategy such as block(16), received null')],
    ['block', new TypeError('map: strategy must be a QueuingStrategy such as block(16), received "block"')],
    [block, new TypeError('map: strategy must be a QueuingStrategy such as block(16), received function block')],
    [{ mode: 'drop', highWaterMark: 1 }, new TypeError('map: unknown overflow mode "drop"')],
    [{ mode: null, highWaterMark: 1 }, new TypeError('map: unknown overflow mode null')],
    [{ mode: 'timeout', highWaterMark: 1 }, new TypeError("map: the strategy's timeout must be a number of milliseconds, received undefined")],
    [{ highWaterMark: -1 }, new RangeError('map: capacity must be a positive integer or Infinity, received -1')],
    [{ highWaterMark: 'x' }, new RangeError('map: capacity must be a positive integer or Infinity, received NaN')],
    [{ highWaterMark: 1, size: 1 }, new TypeError('map: size must be a function, received 1')],
    [{ highWaterMark: 1, size: 0 }, new TypeError('map: size must be a function, received 0')],
    [{ highWaterMark: 1, size: null }, new TypeError('map: size must be a function, received null')],
  ])('refuses %o when the stage is made', (strategy, error) => {
    expect(() => map((n: number) => n, { strategy: strategy as Strategy<number> })).toThrow(error)
  })

  it.each([0, -1, Number.NaN])('refuses a highWaterMark of %s in a native strategy: it would stall', highWaterMark => {
    const strategy = new CountQueuingStrategy({ highWaterMark })
    expect(() => map((n: number) => n, { strategy })).toThrow(RangeError)
  })
})

describe('new Stage(transformer, strategy)', () => {
  it.each<[Strategy<number>, number[]]>([
    [dropOldest(2), [3, 4]],
    [dropNewest(2), [1, 2]],
    [block(9), [1, 2, 3, 4]],
  ])('keeps to the mode of %o', async (strategy, wanted) => {
    const stage = new Stage<number, number>({ transform: (n, controller) => controller.enqueue(n) }, strategy)
    const writer = stage.writable.getWriter()
    for (const n of [1, 2, 3, 4]) writer.write(n)
    writer.close()
    expect(await toArray(stage.readable)).toEqual(wanted)
    expect(stage.stats()).toMatchObject({ received: 4, dropped: 4 - wanted.length, capacity: strategy.highWaterMark })
  })

  it('names itself in its refusals', async () => {
    const stage = new Stage<number, number>(undefined, reject(1))
    const writer = stage.writable.getWriter()
    await writer.write(1)
    await expect(writer.write(2)).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL', stage: 'Stage', capacity: 1, item: 2 })
  })

  it('behaves as the platform with a strategy of the platform', async () => {
    const stage = new Stage<number, number>(undefined, { highWaterMark: 0 })
    expect(stage.writable.getWriter().desiredSize).toBe(0)
  })
})
