import { block, type Capacity, dropNewest, dropOldest, reject, type Strategy, timeout } from 'sluice'
import { describe, expect, it } from 'vitest'
import { Inbox } from '../../src/engine/inbox.ts'
import { runs } from '../setup/runs.ts'
import { type InboxOp, runBoth } from './inbox-model.ts'

type Entry = { readonly weight: number }

const MAKERS: Record<string, (capacity: Capacity<Entry>) => Strategy<Entry>> = {
  block,
  dropNewest,
  dropOldest,
  reject,
  timeout: capacity => timeout(capacity, 5),
}

const size = ({ weight }: Entry) => weight

/** Every sequence of `length` steps. */
function* sequences(steps: readonly InboxOp[], length: number): Generator<InboxOp[]> {
  if (length === 0) yield []
  else for (const rest of sequences(steps, length - 1)) for (const step of steps) yield [...rest, step]
}

/** Longer in a soak run. */
const LENGTH = runs(1) > 1 ? 7 : 5

const COUNTED: readonly InboxOp[] = [
  { op: 'offer', weight: 1 },
  { op: 'take' },
  { op: 'pass' },
  { op: 'expire' },
  { op: 'discard' },
]

const WEIGHED: readonly InboxOp[] = [
  { op: 'offer', weight: 0 },
  { op: 'offer', weight: 1 },
  { op: 'offer', weight: 3 },
  { op: 'admit', weight: 2 },
  { op: 'take' },
  { op: 'discard' },
]

describe('Inbox', () => {
  for (const [mode, make] of Object.entries(MAKERS)) {
    it(`${mode}() counted is the array model for every short sequence of steps`, () => {
      for (const capacity of [1, 2, 3]) {
        for (const ops of sequences(COUNTED, LENGTH)) runBoth(make(capacity), ops)
      }
    })

    it(`${mode}() weighed is the array model for every short sequence of steps`, () => {
      for (const highWaterMark of [0.5, 1, 2, 4]) {
        for (const ops of sequences(WEIGHED, LENGTH - 1)) runBoth(make({ highWaterMark, size }), ops)
      }
    })
  }

  it('weigh() is 1 for each item of a counted inbox', () => {
    expect(new Inbox(block<string>(2)).weigh('long')).toBe(1)
  })

  it('weigh() asks size once and takes what it gives as a number', () => {
    const seen: unknown[] = []
    const inbox = new Inbox(
      block<string>({ highWaterMark: 9, size: item => seen.push(item) && ('4' as unknown as number) }),
    )
    expect(inbox.weigh('item')).toBe(4)
    expect(seen).toEqual(['item'])
  })

  it.each([-1, Number.NaN, Infinity, -Infinity, undefined, 'x'])(
    'weigh() refuses a size of %s by naming the mode and the size',
    weight => {
      const inbox = new Inbox(dropOldest({ highWaterMark: 9, size: () => weight as number }))
      expect(() => inbox.weigh('item')).toThrow(
        new RangeError(`dropOldest: size must give a finite number of 0 or more, received ${Number(weight)}`),
      )
    },
  )

  it('weigh() throws what size throws', () => {
    const size = (): number => {
      throw undefined
    }
    const inbox = new Inbox(block({ highWaterMark: 9, size }))
    let thrown: unknown = 'nothing'
    try {
      inbox.weigh('item')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBe(undefined)
  })
})
