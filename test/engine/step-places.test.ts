import {
  block,
  channel,
  drain,
  filter,
  from,
  map,
  range,
  type Stage,
  take,
  takeWhile,
  tap,
  toArray,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rest } from '../contract/overflow-driver.ts'
import { heatOf, heats } from '../setup/heat.ts'

// A busy machine could make a source hand control back in between.
beforeEach(() => {
  vi.spyOn(performance, 'now').mockReturnValue(1)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const same = <T>(item: T): T => item

/** Chains of every length that the compiled groups tell apart, and every place in them. */
const places = Array.from({ length: 10 }, (_, n) => n + 1).flatMap(length =>
  Array.from({ length }, (_, at) => ({ length, at })),
)
const runs = heats.slice(0, 2).flatMap(loops => places.map(place => ({ ...loops, ...place })))

/** `length` identity stages with `special` in place `at`, and how often each function ran. */
function chain(length: number, at: number, special: Stage<unknown, unknown>) {
  const calls: number[] = Array(length).fill(0)
  const stages = calls.map((_, place) => {
    if (place === at) return special
    return map((item: unknown) => {
      calls[place] = (calls[place] as number) + 1
      return item
    })
  })
  const pipe = (source: ReadableStream<unknown>): ReadableStream<unknown> =>
    stages.reduce((flow, stage) => flow.pipeThrough(stage), source)
  return { stages, calls, pipe }
}

/** What each stage's account says. */
function account(stages: readonly Stage[]): string[] {
  return stages.map(stage => {
    const { received, done, failed, discarded, emitted } = stage.stats()
    return `${received} in, ${done} done, ${failed} failed, ${discarded} discarded, ${emitted} out`
  })
}

describe.each(runs)(
  'a run of $length steps with a special one at $at in $loops',
  ({ length, at, from: loop }) => {
    heatOf(loop)
    const before = Array(at)
    const behind = Array(length - at - 1)

    it.each<[string, unknown[]]>([
      ['numbers', [1, 2, 3]],
      ['objects', [{ n: 1 }, { n: 2 }]],
      ['strings, undefined and null', ['a', undefined, null]],
      ['symbols of the user', [Symbol('pass'), Symbol.iterator]],
    ])('takes %s through all steps before the collector returns', async (_, items) => {
      const { calls, pipe } = chain(length, at, tap(same))
      const collected = toArray(pipe(from(items)))
      expect(calls).toEqual(calls.map((_, place) => (place === at ? 0 : items.length)))
      expect(await collected).toEqual(items)
    })

    it('skips what a filter refuses, at once or later', async () => {
      const even = (n: unknown): boolean => Number(n) % 2 === 0
      for (const accepts of [even, async (n: unknown) => even(n)]) {
        const { stages, calls, pipe } = chain(length, at, filter(accepts))
        expect(await toArray(pipe(range(0, 5)))).toEqual([0, 2, 4])
        expect(calls).toEqual(calls.map((_, place) => (place < at ? 5 : place === at ? 0 : 3)))
        expect(account(stages)).toEqual([
          ...before.fill('5 in, 5 done, 0 failed, 0 discarded, 5 out'),
          '5 in, 5 done, 0 failed, 0 discarded, 3 out',
          ...behind.fill('3 in, 3 done, 0 failed, 0 discarded, 3 out'),
        ])
      }
    })

    it('waits for a promise, of a symbol of the user too', async () => {
      const symbol = Symbol('user')
      const { calls, pipe } = chain(
        length,
        at,
        map(async n => (n === 1 ? symbol : n)),
      )
      expect(await toArray(pipe(range(0, 3)))).toEqual([0, symbol, 2])
      expect(calls).toEqual(calls.map((_, place) => (place === at ? 0 : 3)))
    })

    it('ends with the last item of a take, and takes no further one', async () => {
      const { stages, calls, pipe } = chain(length, at, take(2))
      const collected = toArray(pipe(range(0, Infinity)))
      expect(calls).toEqual(calls.map((_, place) => (place === at ? 0 : 2)))
      expect(await collected).toEqual([0, 1])
      expect(account(stages)).toEqual(stages.map(() => '2 in, 2 done, 0 failed, 0 discarded, 2 out'))
    })

    it('ends before the first item a takeWhile refuses', async () => {
      const { stages, pipe } = chain(
        length,
        at,
        takeWhile(n => Number(n) < 2),
      )
      expect(await toArray(pipe(range(0, Infinity)))).toEqual([0, 1])
      expect(account(stages)).toEqual([
        ...before.fill('3 in, 3 done, 0 failed, 0 discarded, 3 out'),
        '3 in, 3 done, 0 failed, 0 discarded, 2 out',
        ...behind.fill('2 in, 2 done, 0 failed, 0 discarded, 2 out'),
      ])
    })

    it('charges an error to the step that threw it', async () => {
      const thrown = { thrown: true }
      const fail = (n: unknown): unknown => {
        if (n === 2) throw thrown
        return n
      }
      for (const fn of [fail, async (n: unknown) => fail(n)]) {
        const { stages, pipe } = chain(length, at, map(fn))
        await expect(drain(pipe(range(0, 9)))).rejects.toBe(thrown)
        expect(account(stages)).toEqual([
          ...before.fill('3 in, 3 done, 0 failed, 0 discarded, 3 out'),
          '3 in, 2 done, 1 failed, 0 discarded, 2 out',
          ...behind.fill('2 in, 2 done, 0 failed, 0 discarded, 2 out'),
        ])
      }
    })

    it('closes and releases every stream in between', async () => {
      const { stages, pipe } = chain(length, at, take(1))
      await drain(pipe(range(0, Infinity)))
      for (const { readable } of stages) {
        expect(readable.locked).toBe(false)
        expect(await readable.getReader().closed).toBe(undefined)
      }
    })
  },
)

describe('a run that has seen its last item', () => {
  it.each([0, 1, 4])('ends when a later step skips that item, with %s steps in between', async between => {
    let flow: ReadableStream<number> = range(0, Infinity).pipeThrough(take(2))
    for (let n = 0; n < between; n++) flow = flow.pipeThrough(map(same<number>))
    expect(await toArray(flow.pipeThrough(filter(n => n === 0)))).toEqual([0])
  })

  it('ends when a later step skips that item after a wait', async () => {
    const flow = range(0, Infinity)
      .pipeThrough(take(2))
      .pipeThrough(map(async n => n))
    expect(await toArray(flow.pipeThrough(filter(async n => n === 0)))).toEqual([0])
  })

  it('runs the later steps of that item at once', () => {
    let calls = 0
    const count = (n: number): number => {
      calls++
      return n
    }
    toArray(range(0, Infinity).pipeThrough(take(1)).pipeThrough(map(count)).pipeThrough(map(count)))
    expect(calls).toBe(2)
  })
})

describe('a function that ends its own run', () => {
  it('may give a promise that rejects: nobody has to hear of it', async () => {
    const queue = channel<number>(block(1))
    const stage = map(() => {
      queue.abort('enough')
      return Promise.reject(new Error('unheard'))
    })
    const out = queue.readable.pipeThrough(stage)
    queue.trySend(1)
    await expect(toArray(out)).rejects.toBe('enough')
    await rest()
    expect(stage.stats()).toMatchObject({ received: 1, done: 0, failed: 0, discarded: 1 })
  })

  it('may throw afterwards: the first reason counts', async () => {
    const queue = channel<number>(block(1))
    const fail = (): never => {
      queue.abort('enough')
      throw new Error('too late')
    }
    const out = queue.readable.pipeThrough(map(fail))
    queue.trySend(1)
    await expect(toArray(out)).rejects.toBe('enough')
  })
})
