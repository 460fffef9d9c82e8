import { describe, expect, it } from 'vitest'
import { hashKey } from '../../src/executors/hash-key.ts'
import { workerOf } from '../../src/executors/worker-of.ts'

const counts = [2, 3, 4, 6, 8, 16]
/** How many keys the worker with the most of them has, as a multiple of its share. */
function crowd(keys: readonly (number | string)[], workers: number): number {
  const each = new Array<number>(workers).fill(0)
  for (const key of keys)
    each[workerOf(hashKey(key), workers)] = (each[workerOf(hashKey(key), workers)] ?? 0) + 1
  return Math.max(...each) / (keys.length / workers)
}

describe('the worker of a key', () => {
  for (const workers of counts) {
    it(`is another one for each of ${workers} keys in a row`, () => {
      for (const first of [0, 1, 7, 1000]) {
        const start = first * workers
        expect(
          crowd(
            Array.from({ length: workers }, (_, at) => start + at),
            workers,
          ),
        ).toBe(1)
      }
    })

    it(`is not the same one for multiples, nor for texts (${workers})`, () => {
      for (const step of [2, 4, 10, workers, workers * workers, 1000]) {
        const keys = Array.from({ length: 32 * workers }, (_, at) => step * at)
        expect(crowd(keys, workers)).toBeLessThan(2)
      }
      const texts = Array.from({ length: 64 * workers }, (_, at) => `user-${at}`)
      expect(crowd(texts, workers)).toBeLessThan(1.6)
    })
  }
})
