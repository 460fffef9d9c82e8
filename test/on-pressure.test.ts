import {
  batch,
  block,
  buffer,
  channel,
  compose,
  drain,
  dropOldest,
  from,
  map,
  type PressureOptions,
  reject,
  Stage,
  type StageStats,
  take,
  toArray,
} from 'sluice'
import { describe, expect, it } from 'vitest'
import { expectLaw, settle, soon } from './contract/probe.ts'

/** A stage, and what it told so far: `+3` for high at three items in the queue, `-1` for low at one. */
function watched<S extends Stage>(
  stage: S,
  fraction: number,
  options?: PressureOptions,
): { stage: S; told: string[]; stop: () => void } {
  const told: string[] = []
  const stop = stage.onPressure(
    fraction,
    (high, { queued }) => void told.push(`${high ? '+' : '-'}${queued}`),
    options,
  )
  return { stage, told, stop }
}

const push = (queue: { trySend(n: number): boolean }, count: number): void => {
  for (let n = 0; n < count; n++) queue.trySend(n)
}

describe('stage.onPressure()', () => {
  it('tells when the use has risen to the fraction, and when it has fallen to half of that', async () => {
    const { stage, told } = watched(channel<number>(reject(10)), 0.8)
    push(stage, 7)
    expect(told).toEqual([])
    push(stage, 3)
    expect(told).toEqual(['+8'])
    const reader = stage.readable.getReader()
    for (let n = 0; n < 5; n++) await reader.read()
    expect(told).toEqual(['+8'])
    await reader.read()
    expect(told).toEqual(['+8', '-4'])
  })

  it('takes a lower mark', async () => {
    const { stage, told } = watched(channel<number>(reject(4)), 1, { low: 0 })
    push(stage, 4)
    const reader = stage.readable.getReader()
    for (let n = 0; n < 3; n++) await reader.read()
    expect(told).toEqual(['+4'])
    await reader.read()
    expect(told).toEqual(['+4', '-0'])
  })

  it('tells it again and again', async () => {
    const { stage, told } = watched(channel<number>(block(2)), 1)
    const reader = stage.readable.getReader()
    for (let round = 0; round < 3; round++) {
      push(stage, 2)
      await reader.read()
      await reader.read()
    }
    // The first read came before the items: one of them never was in the queue.
    expect(told).toEqual(['+2', '-1', '+2', '-1', '+2', '-1'])
  })

  it('says so in a microtask where it is high already', async () => {
    const queue = channel<number>(reject(2))
    push(queue, 2)
    const { told } = watched(queue, 0.5)
    expect(told).toEqual([])
    await Promise.resolve()
    expect(told).toEqual(['+2'])
  })

  it('measures weights where the strategy has a size', async () => {
    const bytes = channel<string>(reject({ highWaterMark: 100, size: text => text.length }))
    const told: [boolean, number][] = []
    bytes.onPressure(0.07, (high, { utilization }) => told.push([high, utilization]))
    bytes.trySend('sixsix')
    expect(told).toEqual([])
    // 7 of 100 is 0.07, though 0.07 * 100 is more than 7.
    bytes.trySend('7')
    expect(told).toEqual([[true, 0.07]])
  })

  it('takes an item heavier than the capacity for a full inbox', () => {
    const { stage, told } = watched(channel<number>(block({ highWaterMark: 4, size: n => n })), 1)
    stage.send(9)
    expect(told).toEqual(['+1'])
  })

  it('tells each listener by its own marks, in order', () => {
    const queue = channel<number>(reject(4))
    const told: string[] = []
    for (const fraction of [1, 0.5, 0.25]) {
      queue.onPressure(fraction, (high, { queued }) => void told.push(`${fraction} ${high} ${queued}`))
    }
    push(queue, 4)
    expect(told).toEqual(['0.25 true 1', '0.5 true 2', '1 true 4'])
  })

  it('tells nothing more once it is stopped, to that listener only', async () => {
    const queue = channel<number>(reject(2))
    const [first, second] = [watched(queue, 1), watched(queue, 1)]
    push(queue, 2)
    first.stop()
    first.stop()
    queue.close()
    await drain(queue.readable)
    expect([first.told, second.told]).toEqual([['+2'], ['+2', '-1']])
  })

  it('does not count what the operator has in hand', async () => {
    const { stage, told } = watched(
      map((n: number) => new Promise<number>(() => n), { strategy: reject(2) }),
      0.5,
    )
    stage.readable.getReader().read()
    await settle()
    const writer = stage.writable.getWriter()
    await writer.write(1)
    expect(told).toEqual([])
    await writer.write(2)
    expect(told).toEqual(['+1'])
  })

  it('sees a flow that is pulled ahead, and its sink that catches up', async () => {
    const { stage, told } = watched(buffer<number>(block(4)), 1, { low: 0.25 })
    const flow = from([1, 2, 3, 4]).pipeThrough(stage)
    await settle()
    expect(told).toEqual(['+4'])
    expect(await toArray(flow)).toEqual([1, 2, 3, 4])
    expect(told).toEqual(['+4', '-1'])
  })

  it('does not take what dropOldest throws out for relief', () => {
    const { stage, told } = watched(channel<number>(dropOldest(2)), 1, { low: 0.5 })
    push(stage, 9)
    expect(told).toEqual(['+2'])
  })

  it('tells of writers that come in when another has left the line', async () => {
    const { stage, told } = watched(channel<number>(block({ highWaterMark: 4, size: n => n })), 1)
    const controller = new AbortController()
    stage.send(2)
    const heavy = stage.send(3, { signal: controller.signal })
    stage.send(2)
    expect(told).toEqual([])
    controller.abort('no more')
    await expect(heavy).rejects.toBe('no more')
    expect(told).toEqual(['+2'])
  })

  it('sees the stage that goes first in a composed one', () => {
    const stage = compose(
      map((n: number) => n, { strategy: block(1), name: 'first' }),
      batch<number>({ size: 2 }),
    )
    const told: StageStats[] = []
    stage.onPressure(1, (_, stats) => told.push(stats))
    stage.writable.getWriter().write(1)
    expect(told).toMatchObject([{ name: 'first', queued: 1 }])
  })

  describe('at an ending', () => {
    it.each(['abort', 'cancel'] as const)('is told that an %s has emptied the inbox, once', async ending => {
      const { stage, told } = watched(channel<number>(reject(2)), 1)
      push(stage, 2)
      if (ending === 'abort') stage.abort('enough')
      else await stage.readable.cancel('enough')
      expect(told).toEqual(['+2', '-0'])
      expect(stage.trySend(1)).toBe(false)
      expectLaw(stage)
      expect(told).toEqual(['+2', '-0'])
    })

    it.each([block<number>(3), { highWaterMark: 3 }])(
      'is told that a failure has emptied the inbox, %o',
      async strategy => {
        const fail = (): number => {
          throw new Error('no')
        }
        const { stage, told } = watched(map<number, number>(fail, { strategy }), 1)
        const flow = from([1, 2, 3]).pipeThrough(stage)
        await settle()
        expect(await soon(toArray(flow))).toEqual({ error: new Error('no') })
        expect(told).toEqual(['+3', '-0'])
      },
    )

    it('is told that take() has had enough', async () => {
      const { stage, told } = watched(buffer<number>(block(4)), 1, { low: 0 })
      const flow = from([1, 2, 3, 4]).pipeThrough(stage).pipeThrough(take(2))
      await settle()
      expect(await toArray(flow)).toEqual([1, 2])
      expect(told).toEqual(['+4', '-0'])
    })
  })

  describe('with a callback that', () => {
    it('throws, fails the stream with that very value, behind the items before it', async () => {
      const queue = channel<number>(reject(2))
      const reason = { falsy: undefined }
      queue.onPressure(1, high => {
        if (high) throw reason
      })
      push(queue, 2)
      expect(queue.trySend(3)).toBe(false)
      const seen: number[] = []
      const reading = (async () => {
        for await (const n of queue.readable) seen.push(n)
      })()
      expect(await soon(reading)).toEqual({ error: reason })
      expect(seen).toEqual([0, 1])
      expectLaw(queue)
    })

    it('throws undefined, fails the stream with undefined', async () => {
      const queue = channel<number>(reject(1))
      queue.onPressure(1, () => {
        throw undefined
      })
      push(queue, 1)
      expect(await soon(toArray(queue.readable))).toEqual({ error: undefined })
    })

    it('throws while the inbox empties, fails the stream and not its reader', async () => {
      const queue = channel<number>(reject(2))
      queue.onPressure(1, high => {
        if (!high) throw 'low'
      })
      push(queue, 2)
      const reader = queue.readable.getReader()
      expect(await reader.read()).toEqual({ done: false, value: 0 })
      expect(await reader.read()).toEqual({ done: false, value: 1 })
      expect(await soon(reader.read())).toEqual({ error: 'low' })
    })

    it('throws when all is over, changes nothing', async () => {
      const queue = channel<number>(reject(1))
      queue.onPressure(1, high => {
        if (!high) throw 'late'
      })
      push(queue, 1)
      queue.abort('enough')
      expect(await soon(toArray(queue.readable))).toEqual({ error: 'enough' })
    })

    it('refills the queue, is told in the right order, and keeps that of the items', async () => {
      const queue = channel<number>(reject(4))
      let next = 0
      const told: boolean[] = []
      const inside: boolean[] = []
      const refill = (): void => {
        while (next < 12 && queue.trySend(next)) next++
      }
      let within = false
      queue.onPressure(1, high => {
        inside.push(within)
        within = true
        told.push(high)
        if (!high) refill()
        within = false
        if (!high && next === 12) queue.close()
      })
      refill()
      expect(await toArray(queue.readable)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
      expect(inside.every(nested => !nested)).toBe(true)
      expect(told).toEqual(told.map((_, at) => at % 2 === 0))
      expect(told.length).toBeGreaterThan(4)
      expectLaw(queue)
    })

    it('reads, gets the item that has just come', async () => {
      const queue = channel<number>(reject(1))
      const reader = queue.readable.getReader()
      const read: Promise<unknown>[] = []
      queue.onPressure(1, high => {
        if (high) read.push(reader.read())
      })
      expect(queue.trySend(1)).toBe(true)
      expect(await soon(Promise.all(read))).toEqual({ value: [{ done: false, value: 1 }] })
      expect(queue.stats()).toMatchObject({ queued: 0, done: 1 })
    })

    it('pushes a lighter item, leaves the waiting one its weight', async () => {
      const queue = channel<number>(block({ highWaterMark: 4, size: n => n }))
      queue.onPressure(0.5, high => {
        if (high) queue.send(1)
      })
      queue.send(2)
      queue.send(3)
      expect(queue.size).toBe(3)
      expect(queue.writable.getWriter().desiredSize).toBe(-2)
      queue.close()
      expect(await toArray(queue.readable)).toEqual([2, 1, 3])
      expectLaw(queue)
    })

    it('aborts, loses nothing from the account', async () => {
      for (const when of [true, false]) {
        const queue = channel<number>(reject(3))
        queue.onPressure(1, high => {
          if (high === when) queue.abort('enough')
          expectLaw(queue)
        })
        push(queue, 3)
        expect(await soon(toArray(queue.readable))).toEqual({ error: 'enough' })
        expectLaw(queue)
      }
    })

    it.each(['abort', 'cancel'] as const)(
      'aborts on being told of an %s, leaves its reason',
      async ending => {
        const queue = channel<number>(reject(1))
        queue.onPressure(1, high => {
          if (!high) queue.abort('second')
        })
        const writer = queue.writable.getWriter()
        const closed = soon(writer.closed)
        push(queue, 1)
        const reader = queue.readable.getReader()
        if (ending === 'abort') queue.abort('first')
        else await reader.cancel('first')
        if (ending === 'abort') expect(await soon(reader.read())).toEqual({ error: 'first' })
        else expect(await closed).toEqual({ error: 'first' })
        expect(await soon(queue.send(2))).toEqual({ error: 'first' })
      },
    )

    it('closes, lets what is inside out', async () => {
      for (const when of [true, false]) {
        const queue = channel<number>(reject(3))
        queue.onPressure(1, high => {
          if (high === when) queue.close()
        })
        push(queue, 4)
        expect(await soon(toArray(queue.readable))).toEqual({ value: [0, 1, 2] })
        expectLaw(queue)
      }
    })

    it('stops itself, is told nothing of what it does then', async () => {
      const queue = channel<number>(reject(3))
      const told: boolean[] = []
      const stop = queue.onPressure(1, high => {
        told.push(high)
        stop()
        queue.abort()
      })
      push(queue, 3)
      expect(told).toEqual([true])
    })

    it('listens anew, is told of what is high already', async () => {
      const queue = channel<number>(reject(2))
      const told: string[] = []
      const stop = queue.onPressure(1, () => {
        stop()
        queue.onPressure(0.5, high => void told.push(`second ${high}`))
      })
      push(queue, 2)
      await settle()
      expect(told).toEqual(['second true'])
    })
  })

  describe('refuses', () => {
    const queue = channel<number>(reject(2), { name: 'jobs' })
    const quiet = (): void => {}
    const nothing = 'onPressure needs a strategy with a bound, such as block(16)'

    it.each<[string, () => unknown, string]>([
      ['a stage without an inbox', () => map(String).onPressure(0.5, quiet), `map: ${nothing}`],
      [
        'an inbox without bound',
        () => channel(block(Infinity)).onPressure(0.5, quiet),
        `channel: ${nothing}`,
      ],
      ['a stage of the platform', () => new Stage().onPressure(0.5, quiet), `Stage: ${nothing}`],
      [
        'no callback',
        () => queue.onPressure(0.5, undefined as never),
        'jobs: callback must be a function, received undefined',
      ],
      [
        'options that are none',
        () => queue.onPressure(0.5, quiet, 0.2 as never),
        'jobs: options must be an object, received 0.2',
      ],
      [
        'text for a fraction',
        () => queue.onPressure('0.5' as never, quiet),
        'jobs: fraction must be a number, received "0.5"',
      ],
    ])('%s', (_, call, message) => {
      expect(call).toThrow(new TypeError(message))
    })

    it.each<[number, PressureOptions | undefined, string]>([
      [0, undefined, 'jobs: fraction must be above 0 and at most 1, received 0'],
      [1.01, undefined, 'jobs: fraction must be above 0 and at most 1, received 1.01'],
      [Number.NaN, undefined, 'jobs: fraction must be above 0 and at most 1, received NaN'],
      [0.5, { low: 0.5 }, 'jobs: low must be from 0 to below fraction, received 0.5'],
      [0.5, { low: -0.1 }, 'jobs: low must be from 0 to below fraction, received -0.1'],
    ])('a fraction of %d with %o', (fraction, options, message) => {
      expect(() => queue.onPressure(fraction, quiet, options)).toThrow(new RangeError(message))
    })
  })
})
