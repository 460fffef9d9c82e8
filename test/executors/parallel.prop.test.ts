import fc from 'fast-check'
import { from, toArray } from 'sluice'
import { type ParallelStage, parallel, TaskTimeoutError, WorkerCrashError } from 'sluice/parallel'
import { describe, expect, it } from 'vitest'
import { runs } from '../setup/runs.ts'
import { type Fate, scriptedExecutor } from './scripted-executor.ts'

const passing = fc.array(fc.constantFrom('unstarted', 'suspect', 'crashes'), { maxLength: 3 })
const last = fc.oneof(
  { weight: 6, arbitrary: fc.constant('done') },
  { weight: 1, arbitrary: fc.constantFrom('fails', 'late') },
)
const fateOf: fc.Arbitrary<Fate> = fc.tuple(passing, last).map(([before, end]) => [...before, end] as Fate)

const plans = fc.record({
  fates: fc.array(fateOf, { maxLength: 40 }),
  turns: fc.array(fc.nat(4), { maxLength: 7 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  ahead: fc.nat(2),
  batch: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 7 })),
  ordered: fc.boolean(),
  keys: fc.option(fc.integer({ min: 1, max: 5 })),
  crashRetries: fc.nat(2),
  capacity: fc.option(fc.integer({ min: 1, max: 5 })),
})
type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never

/** How an item ends, by its fate alone. */
function endOf(fate: Fate, crashRetries: number): 'done' | 'fails' | 'late' | 'crashes' {
  let crashes = 0
  for (const step of fate) {
    if (step === 'crashes' && ++crashes > crashRetries) return 'crashes'
  }
  return fate.at(-1) as 'done' | 'fails' | 'late'
}

function start(plan: Plan, onError: 'fail' | 'skip') {
  const { fates, turns, concurrency, ahead, batch, ordered, keys, crashRetries, capacity } = plan
  const { executor, log } = scriptedExecutor(fates, turns, { concurrency, ahead })
  const stage: ParallelStage<number, number> = parallel(undefined, {
    executor,
    batch,
    ordered,
    crashRetries,
    onError,
    timeout: 5,
    ...(keys !== null && { key: (item: number) => item % keys }),
    ...(capacity !== null && { strategy: { highWaterMark: capacity } }),
  })
  return { stage, log, flow: from(fates.map((_, item) => item)).pipeThrough(stage) }
}

function expectLaw(stage: ParallelStage<number, number>, { batch, concurrency, ahead }: Plan): void {
  const { received, queued, inFlight, done, failed, discarded, window } = stage.stats()
  expect(received).toBe(queued + inFlight + done + failed + discarded)
  expect(inFlight).toBeLessThanOrEqual(window)
  const most = 2 * concurrency * (1 + ahead) * (batch === 'auto' ? 1024 : batch)
  if (batch === 'auto') expect(window).toBeLessThanOrEqual(most)
  else expect(window).toBe(most)
}

describe('parallel()', () => {
  it('delivers every item once, whatever becomes of the workers', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async plan => {
        const { stage, log, flow } = start(plan, 'skip')
        const out: number[] = []
        for await (const item of flow) {
          out.push(item)
          expectLaw(stage, plan)
        }
        const good = plan.fates.flatMap((fate, item) =>
          endOf(fate, plan.crashRetries) === 'done' ? [item * 2] : [],
        )
        expect(plan.ordered ? out : out.toSorted((a, b) => a - b)).toEqual(good)
        expect(stage.stats()).toMatchObject({
          received: plan.fates.length,
          done: good.length,
          failed: plan.fates.length - good.length,
          inFlight: 0,
          queued: 0,
          discarded: 0,
        })
        expect(log.closedWith).toEqual([0])
      }),
      { numRuns: runs(300) },
    )
  })

  it('keeps to its workers, batches and keys', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async plan => {
        const { log, flow } = start(plan, 'skip')
        await toArray(flow)
        expect(log.deepest).toBeLessThanOrEqual(1 + plan.ahead)
        expect(log.company).toBe(false)
        if (plan.batch !== 'auto')
          for (const { size } of log.tries) expect(size).toBeLessThanOrEqual(plan.batch)
        // Tries count up with the workers that the item has cost, and with nothing else.
        for (const [item, fate] of plan.fates.entries()) {
          const attempts = log.tries.filter(each => each.item === item).map(({ attempt }) => attempt)
          let attempt = 1
          const expected = fate
            .slice(0, attempts.length)
            .map(step => (step === 'crashes' ? attempt++ : attempt))
          expect(attempts).toEqual(expected)
        }
        if (plan.keys === null) return
        for (let key = 0; key < plan.keys; key++) {
          const own = log.tries.filter(({ item }) => item % (plan.keys as number) === key)
          expect(new Set(own.map(({ worker }) => worker)).size).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: runs(300) },
    )
  })

  it('fails with the error of an item in its turn, after the results before it', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async plan => {
        const { stage, log, flow } = start(plan, 'fail')
        const out: number[] = []
        let failure: { readonly error: unknown } | undefined
        try {
          for await (const item of flow) out.push(item)
        } catch (error) {
          failure = { error }
        }
        const ends = plan.fates.map(fate => endOf(fate, plan.crashRetries))
        const bad = ends.findIndex(end => end !== 'done')
        expect(failure !== undefined).toBe(bad >= 0)
        expectLaw(stage, plan)
        expect(stage.stats()).toMatchObject({ inFlight: 0, queued: 0 })
        expect(log.closedWith.length).toBe(1)
        if (!failure || !plan.ordered) return
        expect(out).toEqual(plan.fates.slice(0, bad).map((_, item) => item * 2))
        const { error } = failure
        if (ends[bad] === 'fails') expect(error).toBe(`item ${bad}`)
        else {
          expect(error).toBeInstanceOf(ends[bad] === 'late' ? TaskTimeoutError : WorkerCrashError)
          expect(error).toMatchObject({ item: bad, index: bad, stage: 'parallel' })
        }
      }),
      { numRuns: runs(300) },
    )
  })
})
