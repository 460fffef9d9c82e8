import { describe, expect, it } from 'vitest'
import { BatchSize } from '../../src/executors/batch-size.ts'

/** Where a size comes to after many batches, of which each takes and moves so much an item. */
function settled(ms: number, bytes: number, batches: number): number {
  const sizes = new BatchSize()
  for (let batch = 0; batch < 20; batch++)
    sizes.measured(sizes.size, sizes.size * ms, sizes.size * bytes, batches)
  return sizes.size
}

describe('BatchSize', () => {
  it('comes to as many items as take 2 ms, up to 1,024', () => {
    expect(settled(0.01, 0, 4)).toBe(200)
    expect(settled(5, 0, 4)).toBe(1)
    expect(settled(0.0001, 0, 4)).toBe(1024)
  })

  it('moves no more than 64 MB in all batches under way together, of however many workers', () => {
    for (const batches of [1, 2, 4, 16]) {
      expect(settled(0.0001, 1_000_000, batches) * batches).toBe(64)
      expect(settled(0.0001, 100_000, batches) * batches).toBe(640)
    }
    expect(settled(0.0001, 100_000_000, 4)).toBe(1)
  })

  it('grows by no more than four times at once', () => {
    const sizes = new BatchSize()
    sizes.measured(1, 0.0001, 0, 4)
    expect(sizes.size).toBe(4)
  })
})
