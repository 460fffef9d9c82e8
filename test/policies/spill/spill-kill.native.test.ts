import { describe, expect, it } from 'vitest'
import { livesOf } from './kills.ts'

describe('spill() on classic-level, in a process that is killed', () => {
  it('loses nothing that was acknowledged, keeps the order, and repeats little', async () => {
    const memory = 100
    const { lives, lost } = await livesOf(5, memory)
    expect(lost).toEqual([])
    for (const { out, again } of lives) {
      expect(out).toEqual([...new Set(out)].sort((a, b) => a - b))
      // What was finished with in the meantime, and the one item at work.
      expect(again.length).toBeLessThanOrEqual(memory + 1)
    }
    // The kills have hit something: items had come, more than the memory holds, and were still to be worked on.
    expect(Math.max(...lives.map(({ left }) => left))).toBeGreaterThan(memory)
  }, 60_000)
})
