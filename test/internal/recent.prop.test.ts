import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Recent } from '../../src/internal/recent.ts'
import { runs } from '../setup/runs.ts'

describe('Recent', () => {
  it('knows the keys that came last, as a list of them does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        // Few keys come again and again, many are forgotten.
        fc.integer({ min: 1, max: 40 }).chain(kinds => fc.array(fc.nat(kinds), { maxLength: 300 })),
        (max, keys) => {
          const recent = new Recent<number>(max)
          let list: { key: number; at: number }[] = []
          for (const [at, key] of keys.entries()) {
            const found = list.find(entry => entry.key === key)
            expect(recent.get(key)).toBe(found?.at)
            expect(recent.put(key, at)).toBe(found !== undefined)
            list = [...list.filter(entry => entry !== found), { key, at }].slice(-max)
          }
        },
      ),
      { numRuns: runs(300) },
    )
  })
})
