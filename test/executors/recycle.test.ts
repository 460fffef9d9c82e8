import { from, toArray } from 'sluice'
import { createPool, parallel } from 'sluice/parallel'
import { describe, expect, it } from 'vitest'

const counting = new URL('./work/counting.ts', import.meta.url)
const items = Array.from({ length: 200 }, (_, at) => at)

describe('a worker that is replaced', () => {
  it("after each item of a shared pool: isolate: 'item'", async () => {
    const pool = createPool(counting, { runtime: 'inline', isolate: 'item' })
    const out = await toArray(from(items).pipeThrough(parallel(pool)))
    await pool.close()
    expect(new Set(out)).toEqual(new Set([1]))
  })

  it('has had hardly more items than recycleAfter, however large batches have become', async () => {
    const out = await toArray(
      from(items).pipeThrough(parallel(counting, { runtime: 'inline', recycleAfter: 7 })),
    )
    expect(out.length).toBe(200)
    // The last batch may take it over the limit.
    expect(Math.max(...(out as number[]))).toBeLessThan(2 * 7)
  })
})
