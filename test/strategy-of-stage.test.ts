import {
  block,
  buffer,
  channel,
  dropNewest,
  dropOldest,
  map,
  reject,
  Stage,
  type StageStrategy,
  type Strategy,
  timeout,
  toArray,
} from 'sluice'
import { describe, expect, it } from 'vitest'
import { turn } from './setup/turn.ts'

const size = (n: number): number => n

/** What a stage does with 1, 2, 3, 4 written at once: what comes out, and how many writes waited. */
async function behaviour(strategy: StageStrategy<number>): Promise<string> {
  const stage = map((n: number) => n, { strategy })
  const writer = stage.writable.getWriter()
  let settled = 0
  const writes = [1, 2, 3, 4].map(n => writer.write(n).finally(() => settled++))
  const refused = Promise.allSettled(writes).then(
    all => all.filter(({ status }) => status === 'rejected').length,
  )
  await turn()
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
    [
      'a CountQueuingStrategy, as block',
      new CountQueuingStrategy({ highWaterMark: 2 }),
      '1,2,3,4, 2 waited, 0 refused',
    ],
    [
      'a changed copy of one of ours',
      { ...dropOldest<number>(9), highWaterMark: 2 },
      '3,4, 0 waited, 0 refused',
    ],
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
    await map((n: number) => n, { strategy })
      .writable.getWriter()
      .write(1)
    await channel(block(strategy)).send(1)
    expect(seen).toEqual([undefined, undefined])
  })

  it.each<[unknown, Error]>([
    [5, new TypeError('map: strategy must be a QueuingStrategy such as block(16), received 5')],
    [null, new TypeError('map: strategy must be a QueuingStrategy such as block(16), received null')],
    ['block', new TypeError('map: strategy must be a QueuingStrategy such as block(16), received "block"')],
    [
      block,
      new TypeError('map: strategy must be a QueuingStrategy such as block(16), received function block'),
    ],
    [
      { mode: 'dropOldest', highWaterMark: 1 },
      new TypeError(
        'map: unknown overflow mode "dropOldest"; use a function such as dropOldest(16), of the same copy of sluice',
      ),
    ],
    [
      { mode: null, highWaterMark: 1 },
      new TypeError(
        'map: unknown overflow mode null; use a function such as dropOldest(16), of the same copy of sluice',
      ),
    ],
    [{ ...block(1), mode: 'drop' }, new TypeError('map: unknown overflow mode "drop"')],
    [
      { ...block(1), highWaterMark: 0.5 },
      new RangeError('map: capacity must be a positive integer or Infinity, received 0.5'),
    ],
    [
      { ...timeout(1, 5), timeout: undefined },
      new TypeError("map: the strategy's timeout must be a number of milliseconds, received undefined"),
    ],
    [
      { highWaterMark: -1 },
      new RangeError('map: capacity must be a positive integer or Infinity, received -1'),
    ],
    [
      { highWaterMark: 'x' },
      new RangeError('map: capacity must be a positive integer or Infinity, received NaN'),
    ],
    [{ highWaterMark: 1, size: 1 }, new TypeError('map: size must be a function, received 1')],
    [{ highWaterMark: 1, size: 0 }, new TypeError('map: size must be a function, received 0')],
    [{ highWaterMark: 1, size: null }, new TypeError('map: size must be a function, received null')],
  ])('refuses %o when the stage is made', (strategy, error) => {
    expect(() => map((n: number) => n, { strategy: strategy as Strategy<number> })).toThrow(error)
  })

  it.each([0, -1, Number.NaN])(
    'refuses a highWaterMark of %s in a native strategy: it would stall',
    highWaterMark => {
      const strategy = new CountQueuingStrategy({ highWaterMark })
      expect(() => map((n: number) => n, { strategy })).toThrow(RangeError)
    },
  )
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
    expect(stage.stats()).toMatchObject({
      received: 4,
      dropped: 4 - wanted.length,
      capacity: strategy.highWaterMark,
    })
  })

  it('names itself in its refusals', async () => {
    const stage = new Stage<number, number>(undefined, reject(1))
    const writer = stage.writable.getWriter()
    await writer.write(1)
    await expect(writer.write(2)).rejects.toMatchObject({
      code: 'ERR_QUEUE_FULL',
      stage: 'Stage',
      capacity: 1,
      item: 2,
    })
  })

  it('behaves as the platform with a strategy of the platform', async () => {
    const stage = new Stage<number, number>(undefined, { highWaterMark: 0 })
    expect(stage.writable.getWriter().desiredSize).toBe(0)
  })
})
