import fc from 'fast-check'
import { batch, block, buffer, from, map, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { runs } from '../setup/runs.ts'

/** The obvious way: an item goes into the open batch, or closes it first if it would be too much. */
function groups(items: number[], limit: number, most: number): number[][] {
  const closed: number[][] = []
  let open: number[] = []
  const weight = () => open.reduce((sum, n) => sum + n, 0)
  const close = () => {
    if (open.length > 0) closed.push(open)
    open = []
  }
  for (const item of items) {
    if (weight() + item > limit) close()
    open.push(item)
    if (weight() >= limit || open.length >= most) close()
  }
  close()
  return closed
}

const lists = fc.array(fc.nat(9), { maxLength: 60 })
const limit = fc.integer({ min: 1, max: 30 })
const most = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(Infinity))

describe('batch() with maxItems', () => {
  it('closes a batch by weight or by number, whichever comes first', () =>
    fc.assert(
      fc.asyncProperty(lists, limit, most, async (items, size, maxItems) => {
        const stage = batch<number>({ size, weigh: n => n, maxItems })
        expect(await toArray(from(items).pipeThrough(stage))).toEqual(groups(items, size, maxItems))
        expect(stage.stats()).toMatchObject({ received: items.length, done: items.length })
      }),
      { numRuns: runs(200) },
    ))

  it('without weights is the smaller of two sizes, however the items come', () =>
    fc.assert(
      fc.asyncProperty(lists, limit, most, fc.boolean(), async (items, size, maxItems, fused) => {
        const same = fused ? map((n: number) => n) : buffer<number>(block(4))
        const flow = from(items).pipeThrough(same).pipeThrough(batch(size, { maxItems }))
        const least = Math.min(size, maxItems)
        const expected = Array.from({ length: Math.ceil(items.length / least) }, (_, at) =>
          items.slice(at * least, (at + 1) * least),
        )
        expect(await toArray(flow)).toEqual(expected)
      }),
      { numRuns: runs(200) },
    ))
})
