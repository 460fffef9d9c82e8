import { describe, expect, it } from 'vitest'
import { BatchSize } from '../../src/executors/batch-size.ts'

const MB = 1_000_000

/** Sizes after many batches, of which each takes and moves so much an item. */
function settled(ms: number, bytes: number, workers: number, ahead = 1): BatchSize {
  const sizes = new BatchSize()
  for (let batch = 0; batch < 20; batch++)
    sizes.measured(sizes.size, sizes.size * ms, sizes.size * bytes, workers, ahead)
  return sizes
}

describe('BatchSize', () => {
  it('comes to as many items as take 2 ms, up to 1,024', () => {
    expect(settled(0.01, 0, 2).size).toBe(200)
    expect(settled(5, 0, 2).size).toBe(1)
    expect(settled(0.0001, 0, 2).size).toBe(1024)
  })

  it('moves no more than 64 MB in all batches under way together, of however many workers', () => {
    for (const ahead of [0, 1]) {
      for (const workers of [1, 2, 4, 16]) {
        const large = settled(0.01, MB, workers, ahead)
        expect(large.size * workers * (1 + (large.light ? 0 : ahead))).toBe(64)
        const small = settled(0.001, MB / 10, workers, ahead)
        expect(small.size * workers * (1 + (small.light ? 0 : ahead))).toBe(640)
      }
    }
    expect(settled(0.0001, 100 * MB, 2).size).toBe(1)
  })

  it('has none wait behind another where all that may be moved is worked on in less than a message takes', () => {
    expect(settled(0.001, MB, 2)).toMatchObject({ light: true, size: 32 })
    expect(settled(0.003, MB, 2)).toMatchObject({ light: false, size: 16 })
    expect(settled(0.001, MB, 16)).toMatchObject({ light: true, size: 4 })
    expect(settled(0.0001, 0, 2).light).toBe(false)
    expect(settled(0, 0, 2).light).toBe(false)
  })

  it('sends one ahead again once items take longer', () => {
    const sizes = settled(0.001, MB, 2)
    for (let batch = 0; batch < 5; batch++)
      sizes.measured(sizes.size, sizes.size * 0.1, sizes.size * MB, 2, 1)
    expect(sizes).toMatchObject({ light: false, size: 16 })
  })

  it('grows by no more than four times at once', () => {
    const sizes = new BatchSize()
    sizes.measured(1, 0.0001, 0, 2, 1)
    expect(sizes.size).toBe(4)
  })
})
