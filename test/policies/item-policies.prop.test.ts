import fc from 'fast-check'
import {
  type DeadLetter,
  filter,
  flatMap,
  forEach,
  from,
  map,
  type Stage,
  sink,
  TaskTimeoutError,
  tap,
} from 'sluice'
import { parallel } from 'sluice/parallel'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { rest } from '../contract/overflow-driver.ts'
import { expectLaw } from '../contract/probe.ts'
import { localExecutor } from '../setup/local-executor.ts'
import { runs } from '../setup/runs.ts'
import { type Case, cases, type Fate, Fault, fateOf, policiesOf } from './policy-case.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A stage of a case at work, and what is seen of it. */
class Run {
  readonly out: unknown[] = []
  readonly letters: DeadLetter<number>[] = []
  /** For each item, when its calls began, and when they failed. */
  readonly began: number[][] = []
  readonly failed: number[][] = []
  result: 'ended' | { readonly error: unknown } | undefined
  stage: Stage<number, unknown> | undefined
  readonly dead: WritableStream<DeadLetter<number>>
  readonly #case: Case
  /** Timers of the test's own. */
  own = 0

  constructor(one: Case) {
    this.#case = one
    this.dead = new WritableStream({
      write: async letter => {
        this.#check()
        await new Promise<void>(resolve => this.#after(one.letters, resolve))
        this.letters.push(letter)
      },
    })
    this.#start().then(
      () => (this.result = 'ended'),
      error => (this.result = { error }),
    )
  }

  async play(): Promise<void> {
    for (let turn = 0; turn < 2_000 && this.result === undefined; turn++) {
      await rest()
      this.#check()
      await vi.advanceTimersToNextTimerAsync()
    }
    await rest()
  }

  #start(): Promise<void> {
    const { kind, concurrency, ordered } = this.#case
    const source = from(this.#case.items.map((_, item) => item))
    const policies = (replacement: (item: number) => unknown) =>
      policiesOf(this.#case, this.dead, replacement)
    const options = { ...policies(item => `for ${item}`), concurrency, ordered }
    const into = (stage: Stage<number, unknown>) => {
      this.stage = stage
      return forEach(source.pipeThrough(stage), item => void this.out.push(item))
    }
    const works = (item: number) => this.#call(item, () => item)
    switch (kind) {
      case 'map':
        return into(map(works, options))
      case 'filter':
        return into(
          filter((item: number) => this.#call(item, () => true), { ...options, ...policies(() => true) }),
        )
      case 'tap':
        return into(tap(works, options))
      case 'flatMap': {
        const all = { ...options, ...policies(item => [`for ${item}`, 'more']) }
        return into(flatMap((item: number) => this.#call(item, () => [item, 'and']) as never, all as never))
      }
      case 'flatMapAsync': {
        const call = this.#call.bind(this)
        const open = async function* (item: number) {
          yield await call(item, () => item)
          yield 'and'
        }
        const all = { ...options, ...policies(item => [`for ${item}`, 'more']) }
        return into(flatMap(open as never, all as never))
      }
      case 'sink':
        return source.pipeTo(sink(item => this.#done(item, works(item)), { ...options }))
      case 'forEach':
        return forEach(source, item => this.#done(item, works(item)), { ...options })
      case 'parallel':
        return into(
          parallel(
            undefined as never,
            {
              ...options,
              executor: localExecutor<number, unknown>(works, { concurrency: 2 }),
            } as never,
          ) as unknown as Stage<number, unknown>,
        )
    }
  }

  /** What a sink's function has done is all that comes out of a sink. */
  #done(item: number, result: unknown): unknown {
    if (!(result instanceof Promise)) return this.out.push(item)
    return result.then(() => this.out.push(item))
  }

  #call<T>(item: number, value: () => T): T | Promise<T> {
    const call = (this.began[item]?.length ?? 0) + 1
    this.#note(this.began, item)
    this.#check()
    const { ends, after } = this.#case.items[item]?.[call - 1] ?? { ends: 'value', after: 0 }
    const fault = () => {
      this.#note(this.failed, item)
      return new Fault(item, call)
    }
    if (after === 0 && ends === 'value') return value()
    if (after === 0 && ends === 'error') throw fault()
    if (this.#case.timeout !== undefined && (ends === 'never' || after > this.#case.timeout)) {
      this.#after(this.#case.timeout, () => this.#note(this.failed, item))
    }
    if (ends === 'never') return new Promise(() => {})
    return new Promise((resolve, reject) => {
      this.#after(after, () => {
        if (this.#case.timeout !== undefined && after > this.#case.timeout) reject('too late')
        else if (ends === 'value') resolve(value())
        else reject(fault())
      })
    })
  }

  #after(ms: number, then: () => void): void {
    this.own++
    setTimeout(() => {
      this.own--
      then()
    }, ms)
  }

  #note(list: number[][], item: number): void {
    list[item] ??= []
    list[item]?.push(performance.now())
  }

  /** What holds at every moment. */
  #check(): void {
    const { kind, concurrency } = this.#case
    if (!this.stage) return
    expectLaw(this.stage)
    if (kind !== 'parallel') expect(this.stage.stats().inFlight).toBeLessThanOrEqual(concurrency)
  }
}

/** What comes out for an item. */
function output({ kind }: Case, item: number, { result }: Fate): unknown[] {
  if (result === 'left out') return []
  const replaced = result === 'replaced'
  if (kind === 'filter' || kind === 'tap') return [item]
  if (kind === 'sink' || kind === 'forEach') return replaced ? [] : [item]
  if (kind === 'flatMap' || kind === 'flatMapAsync') return replaced ? [`for ${item}`, 'more'] : [item, 'and']
  return [replaced ? `for ${item}` : item]
}

it('an item gets its attempts, its verdict and its letter, in every stage that has a function', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async one => {
      // Functions of the run before may still be at work.
      vi.clearAllTimers()
      const run = new Run(one)
      await run.play()
      const fates = one.items.map((_, item) => fateOf(one, item))
      const fatal = fates.findIndex(({ result }) => result === 'fails the stage')
      expectAttempts(one, run, fates)
      if (fatal < 0) {
        expect(run.result).toBe('ended')
        const expected = fates.flatMap((fate, item) => output(one, item, fate))
        const inOrder =
          one.concurrency === 1 || (one.ordered && one.kind !== 'sink' && one.kind !== 'forEach')
        if (inOrder && one.kind !== 'parallel') expect(run.out).toEqual(expected)
        else expect(run.out.map(String).toSorted()).toEqual(expected.map(String).toSorted())
        if (one.kind === 'parallel' && one.ordered) expect(run.out).toEqual(expected)
        const failed = fates.filter(({ result }) => result === 'left out').length
        if (run.stage) expect(run.stage.stats()).toMatchObject({ failed, inFlight: 0, discarded: 0 })
      } else {
        const { error } = run.result as { error: unknown }
        expect(error instanceof Fault || error instanceof TaskTimeoutError).toBe(true)
        const { item } = error as Fault
        expect(fates[item]?.result).toBe('fails the stage')
        if (error instanceof Fault) expect(error.call).toBe(fates[item]?.calls)
        if (one.ordered && run.stage) {
          expect(item).toBe(fatal)
          const before = fates.slice(0, fatal).flatMap((fate, at) => output(one, at, fate))
          expect(run.out).toEqual(before)
        }
      }
      expect(vi.getTimerCount()).toBe(run.own)
    }),
    { numRuns: runs(600) },
  )
})

/** Calls as many as there should be, each after its wait; a letter for each failure. */
function expectAttempts({ kind, items, retry }: Case, run: Run, fates: readonly Fate[]): void {
  const letters = run.letters.map(({ item }) => item)
  expect(letters.length).toBe(new Set(letters).size)
  for (const item of items.keys()) {
    const began = run.began[item] ?? []
    const fate = fates[item] as Fate
    if (run.result === 'ended') {
      expect(began.length).toBe(fate.calls)
      expect(letters.includes(item)).toBe(fate.letter)
    } else expect(began.length).toBeLessThanOrEqual(fate.calls)
    for (let call = 1; retry && call < began.length; call++) {
      const waited = (began[call] as number) - (run.failed[item]?.[call - 1] as number)
      const { delay, factor, maxDelay, jitter } = retry as unknown as Record<string, number>
      const longest = Math.min(maxDelay as number, (delay as number) * (factor as number) ** (call - 1))
      // A timer takes a millisecond at the least, and one more where an expansion may have been about to go on; a worker
      // may have other items first.
      const slack = kind === 'parallel' ? Infinity : kind === 'flatMapAsync' ? 1 : 0
      expect(waited).toBeLessThanOrEqual(Math.max(1, Math.ceil(longest)) + slack)
      expect(waited).toBeGreaterThanOrEqual(Math.floor(longest * (1 - Number(jitter))))
    }
  }
  for (const { item, attempts, error, stage, index } of run.letters) {
    expect(attempts).toBe(fates[item]?.calls)
    expect(index).toBe(item)
    expect(stage).toBe(run.stage?.stats().name ?? stage)
    if (error instanceof Fault) expect([error.item, error.call]).toEqual([item, attempts])
    else expect(error).toBeInstanceOf(TaskTimeoutError)
  }
}
