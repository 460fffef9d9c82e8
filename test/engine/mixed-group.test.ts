import { filter, forEach, from, scan } from 'sluice'
import { describe, expect, it } from 'vitest'
import { Feed, giveAll, type TakeAll } from '../../src/engine/feed.ts'
import { ownLoops } from '../../src/engine/own-loops.ts'
import type { Downstream } from '../../src/engine/protocol.ts'
import { PASS, SKIP } from '../../src/engine/step.ts'
import { StepRun } from '../../src/engine/step-run.ts'
import { verdictStep } from '../../src/engine/verdict-step.ts'

const none = (): void => {}

/** The two loops over the items of an array, which have to keep the same rules. */
const loops: Record<string, (next: (item: number) => boolean) => TakeAll<number>> = {
  'the loop of a run with a filter': next => {
    const step = verdictStep((n: number) => n > 0, PASS, SKIP)
    return new StepRun<number, number>({ next, end: none, fail: none, abort: none }, step).next
      .takeAll as TakeAll<number>
  },
  ...Object.fromEntries(
    ownLoops.map((make, at) => [
      `own loop ${at}`,
      next => {
        const down = { next, end: none, fail: none, abort: none } as Downstream<never>
        const step = verdictStep((n: number) => n > 0, PASS, SKIP)
        const run = new StepRun<never, never>(down, step)
        return make(run, run, 0, [{ step, skipped: 0 }], next) as TakeAll<number>
      },
    ]),
  ),
  'the loop for all others': next => (feed, items, from, to) => giveAll(next, feed, items, from, to),
}

describe.each(Object.entries(loops))('%s', (_, loop) => {
  it.each<[string, (feed: Feed, item: number) => boolean, number[], number]>([
    ['stops behind an item that was answered with false', (_, n) => n < 2, [1, 2], ~2],
    ['goes on if more was asked for meanwhile', (feed, n) => n !== 2 || (feed.ask(), false), [1, 2, 3], 3],
    [
      'does not take what was asked with an item for asked later',
      (feed, n) => n < 2 && (feed.ask(), true),
      [1, 2],
      ~2,
    ],
    ['stops when nothing more is wanted', feed => !(feed.over = true), [1], ~1],
    ['stops when nothing more is wanted, whatever the answer', feed => (feed.over = true), [1], 1],
  ])('%s', (_, answer, wanted, end) => {
    const given: number[] = []
    const feed = new Feed(() => false)
    const takeAll = loop(item => {
      given.push(item)
      expect(feed.given).toBe(item)
      return answer(feed, item)
    })
    expect(takeAll(feed, [1, 2, 3], 0, 3)).toBe(end)
    expect(given).toEqual(wanted)
    expect(feed.given).toBe(wanted.length)
  })

  it('is left at a promise, which was not given', () => {
    const given: unknown[] = []
    const items = [1, {}, Promise.resolve(3), 4] as never[]
    const feed = new Feed(item => item instanceof Promise)
    const takeAll = loop(item => given.push(item) > 0)
    expect(takeAll(feed, items, 0, 4)).toBe(~3)
  })
})

describe('a step that ends its own chain', () => {
  it.each([
    ['filter', (work: (n: number) => number) => filter<number>(n => work(n) < 0)],
    ['scan', (work: (n: number) => number) => scan<number, number>((_, n) => work(n), 0)],
  ])('%s() is given no further item', async (_, make) => {
    const reason = { enough: true }
    const controller = new AbortController()
    const seen: number[] = []
    const stage = make(n => {
      seen.push(n)
      if (n === 2) controller.abort(reason)
      return n
    })
    const flow = from([1, 2, 3, 4]).pipeThrough(stage as never)
    await expect(forEach(flow, none, { signal: controller.signal })).rejects.toBe(reason)
    expect(seen).toEqual([1, 2])
  })
})
