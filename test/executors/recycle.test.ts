import { from, toArray } from 'sluice'
import { createPool, parallel } from 'sluice/parallel'
import { describe, expect, it } from 'vitest'

// JavaScript, as Node 20 loads it too.
const counting = new URL('./work/counting.js', import.meta.url)
const items = Array.from({ length: 200 }, (_, at) => at)

describe('a worker that is replaced', () => {
  it("after each item of a shared pool: isolate: 'item'", async () => {
    const pool = createPool(counting, { runtime: 'inline', isolate: 'item' })
    const out = await toArray(from(items).pipeThrough(parallel(pool)))
    await pool.close()
    expect(new Set(out)).toEqual(new Set([1]))
  })

  it.each([1, 2, 3])(
    'has had as many items as recycleAfter says, in batches that grow (%i workers)',
    async threads => {
      const out = await toArray(
        from(items).pipeThrough(parallel(counting, { runtime: 'inline', recycleAfter: 7, threads })),
      )
      const times = (n: number) => out.filter(count => count === n).length
      expect(out.length).toBe(200)
      expect(Math.max(...(out as number[]))).toBe(7)
      // All but the last one of each seat.
      expect(times(1) - times(7)).toBeLessThanOrEqual(threads)
    },
  )

  it('has had no more than recycleAfter where batches are of a size that does not go into it', async () => {
    const options = { runtime: 'inline', threads: 2, recycleAfter: 7, batch: 3 } as const
    const out = await toArray(from(items).pipeThrough(parallel(counting, options)))
    expect(out.length).toBe(200)
    expect(Math.max(...(out as number[]))).toBe(7)
  })
})
