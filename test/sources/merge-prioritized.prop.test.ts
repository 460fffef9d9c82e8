import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { manualTime } from '../contract/overflow-driver.ts'
import { settle } from '../contract/probe.ts'
import { runs } from '../setup/runs.ts'
import { MergeDriver, MergeModel, type MergeSetup } from './merge-model.ts'

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

const setup: fc.Arbitrary<MergeSetup> = fc.record({
  sources: fc.array(fc.record({ priority: fc.constantFrom(-1, 0, 1, 1, 2.5), staged: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
  ageing: fc.constantFrom(2, 6, 10, Infinity),
})

const often = (weight: number, ...ops: ('push' | 'read' | 'tick' | 'close' | 'fail' | 'cancel')[]) => ({
  weight,
  arbitrary: fc.constantFrom(...ops),
})
const ops = fc.array(
  fc.record({
    op: fc.oneof(
      often(30, 'push'),
      often(20, 'read'),
      often(6, 'tick'),
      often(2, 'close'),
      often(1, 'fail', 'cancel'),
    ),
    nth: fc.nat(11),
  }),
  { maxLength: 40, size: 'max' },
)

it('mergePrioritized() gives what the model gives, and holds one item of each source', async () => {
  await fc.assert(
    fc.asyncProperty(setup, ops, async (setup, steps) => {
      const model = new MergeModel(setup)
      const driver = new MergeDriver(setup)
      await settle(1)
      for (const [id, { op, nth }] of steps.entries()) {
        const at = nth % setup.sources.length
        const source = model.sources[at]
        const closed = !source || source.over || source.closing
        const reason = `${op}-${id}`
        if (op === 'tick') {
          vi.advanceTimersByTime(nth)
          model.now += nth
        } else if (op === 'read') {
          driver.read()
          model.read()
        } else if (op === 'cancel') {
          if (!model.over) model.cancel(reason)
          driver.cancel(reason)
        } else if (closed) continue
        else if (op === 'push') {
          driver.push({ source: at, id })
          model.push({ source: at, id })
        } else if (op === 'close') {
          driver.close(at)
          model.close(at)
        } else {
          driver.fail(at, reason)
          model.fail(at, reason)
        }
        await settle(3)
        const when = `step ${id}, ${op} ${at}`
        expect(driver.reads, when).toEqual(model.reads)
        expect(driver.cancelled, when).toEqual(model.sources.map(({ cancelled }) => cancelled))
        for (const [at, { queue, over }] of model.sources.entries()) {
          if (!over) expect(driver.queued(at), `${when}: items left in source ${at}`).toBe(queue.length)
        }
        expect(vi.getTimerCount()).toBe(0)
      }
    }),
    { numRuns: runs(200) },
  )
})
