import {
  block,
  type Capacity,
  dropNewest,
  dropOldest,
  type OverflowMode,
  reject,
  type Strategy,
  timeout,
  toArray,
} from 'sluice'
import { describe, expect, it } from 'vitest'
import { PORT } from '../src/strategy.ts'

const MAKERS: Record<Exclude<OverflowMode, 'spill'>, (capacity: Capacity<number>) => Strategy<number>> = {
  block,
  dropNewest,
  dropOldest,
  reject,
  timeout: capacity => timeout(capacity, 5),
}

const modes = Object.keys(MAKERS) as (keyof typeof MAKERS)[]
const size = (n: number): number => n

/** Bad capacities, and the error each gets from a strategy called `name`. */
const BAD: readonly [capacity: unknown, error: (name: string) => Error][] = [
  [-1, name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received -1`)],
  [1.5, name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received 1.5`)],
  [
    Number.NaN,
    name => new RangeError(`${name}: capacity must be a positive integer or Infinity, received NaN`),
  ],
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
  [
    { highWaterMark: -1, size },
    name => new RangeError(`${name}: capacity must be a positive number, received -1`),
  ],
  [
    { highWaterMark: Number.NaN, size },
    name => new RangeError(`${name}: capacity must be a positive number, received NaN`),
  ],
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
  [
    '16',
    name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received "16"`),
  ],
  [
    null,
    name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received null`),
  ],
  [
    undefined,
    name =>
      new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received undefined`),
  ],
  [
    {},
    name =>
      new TypeError(
        `${name}: capacity must be a number or { highWaterMark, size }, received [object Object]`,
      ),
  ],
  [16n, name => new TypeError(`${name}: capacity must be a number or { highWaterMark, size }, received 16n`)],
  [{ highWaterMark: 2, size: 3 }, name => new TypeError(`${name}: size must be a function, received 3`)],
  [
    { highWaterMark: 2, size: null },
    name => new TypeError(`${name}: size must be a function, received null`),
  ],
]

describe.each(modes)('%s()', mode => {
  const make = MAKERS[mode]
  const ms = mode === 'timeout' ? { timeout: 5 } : {}

  it('gives a frozen strategy of a count', () => {
    const strategy = make(16)
    expect(strategy).toEqual({ mode, highWaterMark: 16, ...ms, [PORT]: expect.any(Function) })
    expect(Object.isFrozen(strategy)).toBe(true)
    expect('size' in strategy).toBe(false)
  })

  it('gives a strategy of a weight, fractions allowed', () => {
    expect(make({ highWaterMark: 0.5, size })).toEqual({
      mode,
      highWaterMark: 0.5,
      size,
      ...ms,
      [PORT]: expect.any(Function),
    })
  })

  it('takes an object without size as a count', () => {
    expect(make({ highWaterMark: 3 })).toEqual({
      mode,
      highWaterMark: 3,
      ...ms,
      [PORT]: expect.any(Function),
    })
  })

  it('takes a CountQueuingStrategy as a count', () => {
    const strategy = make(new CountQueuingStrategy({ highWaterMark: 3 }))
    expect(strategy).toEqual({ mode, highWaterMark: 3, ...ms, [PORT]: expect.any(Function) })
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
