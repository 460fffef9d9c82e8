import { describe, expect, it } from 'vitest'
import type { Downstream, Upstream } from '../../src/engine/protocol.ts'
import { LAST, PASS, SKIP, STOP, type Step, stepOf } from '../../src/engine/step.ts'
import { type Edge, StepRun } from '../../src/engine/step-run.ts'
import { verdictStep } from '../../src/engine/verdict-step.ts'
import { settle } from '../contract/probe.ts'

/** A run of some functions, with all that it says upward, downward and to the streams in between. */
class Bench {
  readonly said: unknown[] = []
  readonly steps: readonly Step[]
  readonly run: StepRun<unknown, unknown>

  constructor(...functions: ((item: never) => unknown)[]) {
    const { said } = this
    const down: Downstream<unknown> = {
      next: item => said.push(item) > 0,
      end: () => void said.push('end'),
      fail: error => void said.push(['fail', error]),
      abort: reason => void said.push(['abort', reason]),
    }
    const up: Upstream = {
      resume: () => void said.push('resume'),
      idle: () => void said.push('idle'),
      cancel: reason => {
        said.push(['cancel', reason])
        return undefined
      },
    }
    this.steps = functions.map(apply => ({ apply }))
    this.run = new StepRun<unknown, unknown>(down, this.steps.at(-1) as Step)
    for (let at = this.steps.length - 2; at >= 0; at--)
      this.run.prepend(this.steps[at] as Step, this.#edge(at))
    this.run.up = up
  }

  #edge(at: number): Edge {
    return {
      ended: () => void this.said.push(`${at} ended`),
      failed: () => void this.said.push(`${at} failed`),
      cancelled: () => void this.said.push(`${at} cancelled`),
    }
  }
}

const push = (name: string) => (items: string[]) => [...items, name]

/** Steps named a, b, c, …, each adding its name to the item. */
const named = (length: number): ((item: never) => unknown)[] =>
  Array.from({ length }, (_, at) => push(String.fromCharCode(97 + at)))

describe('StepRun', () => {
  for (let length = 1; length <= 9; length++) {
    const all = named(length)
    const letters = [...'abcdefghi'].slice(0, length)

    it(`gives an item through ${length} steps at once, whatever they make of it`, () => {
      const objects = new Bench(...all)
      expect(objects.run.next([])).toBe(true)
      expect(objects.said).toEqual([letters])
      const numbers = new Bench(...all.map(() => (n: number) => n * 2))
      expect(numbers.run.next(1)).toBe(true)
      expect(numbers.said).toEqual([2 ** length])
    })

    for (let at = 0; at < length; at++) {
      const place = `in step ${at + 1} of ${length}`
      const bench = (step: (item: never) => unknown) => new Bench(...all.with(at, step))

      it(`hands an item on as it came, skips it, or ends with or before it, ${place}`, () => {
        const rest = letters.toSpliced(at, 1)
        const passed = bench(() => PASS)
        expect(passed.run.next([])).toBe(true)
        expect(passed.said).toEqual([rest])
        const skipped = bench(() => SKIP)
        expect(skipped.run.next([])).toBe(true)
        expect(skipped.said).toEqual([])
        const edges = letters.slice(0, -1).map((_, i) => `${i} ${i < at ? 'cancelled' : 'ended'}`)
        const last = bench(() => LAST)
        expect(last.run.next([])).toBe(false)
        expect(last.said).toEqual([rest, ...edges, ['cancel', undefined], 'end'])
        const stopped = bench(() => STOP)
        expect(stopped.run.next([])).toBe(false)
        expect(stopped.said).toEqual([...edges, ['cancel', undefined], 'end'])
      })

      it(`awaits a promise ${place}`, async () => {
        const { run, said } = bench(async () => ['x'])
        expect(run.next([])).toBe(false)
        expect([run.working, said]).toEqual([true, []])
        await settle()
        expect(run.working).toBe(false)
        expect(said).toEqual([['x', ...letters.slice(at + 1)], 'resume'])
      })

      it(`counts a failure ${place}, and tells the streams on both sides`, () => {
        const { run, said, steps } = bench(() => {
          throw 'no'
        })
        expect(run.next([])).toBe(false)
        const edges = letters.slice(0, -1).map((_, i) => `${i} ${i < at ? 'cancelled' : 'failed'}`)
        expect(said).toEqual([...edges, ['cancel', 'no'], ['fail', 'no']])
        expect(steps.map(step => run.tally(step).failed)).toEqual(letters.map((_, i) => Number(i === at)))
        expect(run.failed).toBe(Number(at === 0))
      })
    }
  }

  it('takes no further step in front once it runs', () => {
    const { run, said } = new Bench(push('a'))
    run.next([])
    expect(run.prepend({ apply: push('b') }, undefined as never)).toBe(false)
    run.next([])
    expect(said).toEqual([['a'], ['a']])
  })

  it('ends with the last item also where a later step skips it', () => {
    const { run, said } = new Bench(
      () => LAST,
      () => SKIP,
    )
    expect(run.next(1)).toBe(false)
    expect(said).toEqual(['0 ended', ['cancel', undefined], 'end'])
  })

  it('is not idle between two promises', async () => {
    let finish = (_: unknown): void => {}
    const { run, said } = new Bench(
      async n => n,
      () =>
        new Promise(resolve => {
          finish = resolve
        }),
    )
    run.next(1)
    await settle()
    expect([run.working, said]).toEqual([true, []])
    finish(2)
    await settle()
    expect([run.working, said]).toEqual([false, [2, 'resume']])
  })

  describe('aborted by a function of its own', () => {
    const aborting = (result: () => unknown) => {
      const bench: Bench = new Bench(
        n => n,
        () => {
          bench.run.abort('stop')
          return result()
        },
      )
      return bench
    }
    const RESULTS: Record<string, () => unknown> = {
      throws: () => {
        throw new Error('late')
      },
      'gives a promise that rejects': () => Promise.reject(new Error('late')),
      'ends the input': () => STOP,
    }
    for (const [what, result] of Object.entries(RESULTS)) {
      it(`wants nothing more when that then ${what}`, async () => {
        const { run, said } = aborting(result)
        expect(run.next(1)).toBe(false)
        await settle()
        expect(said).toEqual(['0 failed', ['abort', 'stop']])
        expect(run.working).toBe(false)
      })
    }
  })

  it.each([
    ['resolves', (n: number) => Promise.resolve(n)],
    ['rejects', () => Promise.reject(new Error('late'))],
  ])('is idle when a promise %s after the cancel', async (_, work) => {
    const { run, said } = new Bench(work)
    run.next(1)
    run.cancel('enough')
    await settle()
    expect(said).toEqual([['cancel', 'enough'], 'idle'])
  })
})

describe('verdictStep()', () => {
  it.each([
    [{}, PASS],
    [1, PASS],
    [null, SKIP],
    [undefined, SKIP],
    ['', SKIP],
  ])('answers at once for the verdict %j', (verdict, answer) => {
    expect(verdictStep(_ => verdict, PASS, SKIP).apply(1 as never)).toBe(answer)
  })
})

describe('stepOf()', () => {
  it.each([
    ['at once', () => Symbol.iterator],
    ['by a promise', async () => Symbol.iterator],
  ])('takes a symbol given %s for the item that it is', async (_, fn) => {
    const { run, said } = new Bench(stepOf(fn).apply)
    run.next(1)
    await settle()
    expect(said[0]).toBe(Symbol.iterator)
  })
})
