import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Waiter, WaitingLine } from '../../src/engine/waiting-line.ts'
import { runs } from '../setup/runs.ts'

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), n: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('admit' as const, 'leave' as const), n: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), n: fc.nat(1) }) },
)

describe('WaitingLine', () => {
  it('lets in, sends away and lets go as an array does, also from within the calls of those who wait', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.nat(9), (actions, nested) => {
        const line = new WaitingLine<number>()
        const log: string[] = []
        const wanted: string[] = []
        const waiters = new Map<number, Waiter<number>>()
        let model: number[] = []
        let count = 0
        const weightOf = (item: number) => item % 3
        // Somebody who is let in brings the one behind it, and another one leaves.
        const brings = (item: number): boolean => item % 10 === nested
        const add = (): void => {
          const item = count++
          const waiter: Waiter<number> = {
            item,
            weight: weightOf(item),
            taken: () => {
              log.push(`taken ${item}`)
              if (brings(item)) meddle()
            },
            refused: reason => void log.push(`refused ${item} ${reason}`),
            left: () => void log.push(`left ${item}`),
          }
          waiters.set(item, waiter)
          line.add(waiter)
        }
        const leave = (item: number | undefined): void => {
          if (item !== undefined) line.leave(waiters.get(item) as Waiter<number>)
        }
        /** The last of those who wait, without the model's help: the one that came last and has neither left nor got in. */
        const meddle = (): void => {
          leave([...waiters.keys()].filter(item => !log.includes(`left ${item}`)).at(-1))
          add()
        }
        const modelLeaves = (item: number): void => {
          model = model.filter(other => other !== item)
          wanted.push(`left ${item}`)
        }
        for (const { kind, n } of actions) {
          if (kind === 'add') {
            for (let at = 0; at < n; at++) {
              model.push(count)
              add()
            }
          } else if (kind === 'leave') {
            const item = model[n]
            leave(item)
            if (item !== undefined) modelLeaves(item)
          } else if (kind === 'admit') {
            let room = n
            let fresh = count
            line.admit(() => room-- > 0)
            for (let left = n; left > 0 && model.length > 0; left--) {
              const item = model[0] as number
              modelLeaves(item)
              wanted.push(`taken ${item}`)
              if (!brings(item)) continue
              const last = model.at(-1)
              if (last !== undefined) modelLeaves(last)
              model.push(fresh++)
            }
          } else {
            line.refuse(n)
            for (const item of [...model]) {
              modelLeaves(item)
              wanted.push(`refused ${item} ${n}`)
            }
          }
          expect(log).toEqual(wanted)
          expect(line.empty).toBe(model.length === 0)
          expect(line.weight).toBe(model.reduce((sum, item) => sum + weightOf(item), 0))
        }
      }),
      { numRuns: runs(300) },
    )
  })
})
