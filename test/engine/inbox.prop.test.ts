import fc from 'fast-check'
import { block, type Capacity, dropNewest, dropOldest, reject, timeout } from 'sluice'
import { describe, expect, it } from 'vitest'
import { Inbox } from '../../src/engine/inbox.ts'
import { runs } from '../setup/runs.ts'
import { type InboxOp, runBoth } from './inbox-model.ts'

const weight = fc.oneof(fc.nat(5), fc.constantFrom(0.25, 1.5, 40))

const op: fc.Arbitrary<InboxOp> = fc.oneof(
  { weight: 20, arbitrary: weight.map(weight => ({ op: 'offer', weight }) as const) },
  { weight: 4, arbitrary: weight.map(weight => ({ op: 'admit', weight }) as const) },
  { weight: 12, arbitrary: fc.constant({ op: 'take' } as const) },
  { weight: 4, arbitrary: fc.constantFrom({ op: 'pass' } as const, { op: 'expire' } as const) },
  { weight: 1, arbitrary: fc.constant({ op: 'discard' } as const) },
)

const late = <T>(capacity: Capacity<T>) => timeout(capacity, 5)
const maker = fc.constantFrom(block, dropNewest, dropOldest, reject, late)
const ops = fc.array(op, { maxLength: 120 })
const size = ({ weight }: { readonly weight: number }) => weight

describe('Inbox', () => {
  it('is an array model, counted', () => {
    fc.assert(
      fc.property(maker, fc.integer({ min: 1, max: 40 }), ops, (make, capacity, ops) => {
        runBoth(
          make(capacity),
          ops.map(step => ('weight' in step ? { ...step, weight: 1 } : step)),
        )
      }),
      { numRuns: runs(300) },
    )
  })

  it('is an array model, weighed', () => {
    fc.assert(
      fc.property(maker, fc.constantFrom(0.5, 1, 2, 3, 7.5, 30), ops, (make, highWaterMark, ops) => {
        runBoth(make({ highWaterMark, size }), ops)
      }),
      { numRuns: runs(300) },
    )
  })

  it('never holds more than its capacity, but for one item alone in block', () => {
    fc.assert(
      fc.property(maker, fc.constantFrom(0.5, 2, 3, 7.5), ops, (make, highWaterMark, ops) => {
        const inbox = new Inbox<{ weight: number }>(make({ highWaterMark, size }))
        for (const step of ops) {
          if (step.op === 'offer') inbox.offer(step, inbox.weigh(step), () => {})
          else if (step.op === 'take' && inbox.count > 0) inbox.take()
          const alone = inbox.mode === 'block' && inbox.count === 1
          if (!alone) expect(inbox.weight).toBeLessThanOrEqual(highWaterMark)
        }
      }),
      { numRuns: runs(100) },
    )
  })
})
