import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ring } from '../../src/internal/ring.ts'
import { runs } from '../setup/runs.ts'

type Op = 'push' | 'shift' | 'clear'

/** Does the same to a ring and to an array and compares them after each step. */
function runBoth(ops: readonly Op[]): void {
  const ring = new Ring<number>()
  const array: number[] = []
  for (const [at, op] of ops.entries()) {
    if (op === 'push') {
      ring.push(at)
      array.push(at)
    } else if (op === 'clear') {
      ring.clear()
      array.length = 0
    } else if (array.length > 0) same(ring.shift(), array.shift())
    same(ring.length, array.length)
    same(ring.peek(), array[0])
  }
  while (array.length > 0) same(ring.shift(), array.shift())
  same(ring.length, 0)
  same(ring.peek(), undefined)
}

// expect() costs more than all the rest here.
function same(got: unknown, wanted: unknown): void {
  if (!Object.is(got, wanted)) expect(got).toBe(wanted)
}

describe('Ring', () => {
  it('is an array, whatever is pushed, shifted and cleared', () => {
    const op = fc.oneof(
      { weight: 30, arbitrary: fc.constant<Op>('push') },
      { weight: 25, arbitrary: fc.constant<Op>('shift') },
      { weight: 1, arbitrary: fc.constant<Op>('clear') },
    )
    fc.assert(fc.property(fc.array(op, { maxLength: 300, size: 'max' }), runBoth), { numRuns: runs(200) })
  })

  it('keeps its order when it grows with its head anywhere', () => {
    for (let head = 0; head < 17; head++) {
      for (let length = 0; length < 40; length++) {
        const around = Array.from({ length: head }, () => ['push', 'shift'] as const).flat()
        runBoth([...around, ...Array.from({ length }, () => 'push' as const)])
      }
    }
  })

  it('shift() lets go of the item: none shows again when the ring comes round', () => {
    const ring = new Ring<number>()
    for (let n = 0; n < 20; n++) {
      ring.push(n)
      ring.shift()
      expect(ring.peek()).toBe(undefined)
    }
  })
})
