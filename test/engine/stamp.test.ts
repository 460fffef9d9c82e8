import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Stamp } from '../../src/engine/stamp.ts'

let now = 0
let looks = 0
beforeEach(() => {
  now = 5_000
  looks = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    looks++
    return now
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Marks `count` times, so many milliseconds apart. */
function marks(stamp: Stamp, count: number, apart: number): number[] {
  return Array.from({ length: count }, () => {
    now += apart
    return stamp.mark()
  })
}

describe('Stamp', () => {
  it('looks at the clock for each mark while they come slowly', () => {
    expect(marks(new Stamp(), 4, 10)).toEqual([5_010, 5_020, 5_030, 5_040])
  })

  it('looks at the clock for one mark in 32 while they come quickly', () => {
    const stamp = new Stamp()
    marks(stamp, 100, 0.001)
    looks = 0
    marks(stamp, 800, 0.001)
    expect(looks).toBe(25)
  })

  it('gives the moment of the latest look, negative, in between', () => {
    const stamp = new Stamp()
    const given = marks(stamp, 100, 0.001)
    let last = 0
    for (const [at, moment] of given.entries()) {
      const real = 5_000 + (at + 1) * 0.001
      if (moment > 0) {
        expect(moment).toBeCloseTo(real, 6)
        last = moment
      } else expect(moment).toBe(-last)
    }
  })

  it('looks each time again within 32 marks once they come slowly', () => {
    const stamp = new Stamp()
    marks(stamp, 100, 0.001)
    marks(stamp, 32, 10)
    looks = 0
    marks(stamp, 5, 10)
    expect(looks).toBe(5)
  })

  it('tells each mark from the one before', () => {
    const stamp = new Stamp()
    const seen = new Set<string>()
    for (let n = 0; n < 50; n++) {
      marks(stamp, 1, 0.001)
      seen.add(`${stamp.at} ${stamp.left}`)
    }
    expect(seen.size).toBe(50)
  })
})
