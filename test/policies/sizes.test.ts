import fc from 'fast-check'
import { queueSizeFor, workersFor } from 'sluice'
import { describe, expect, it } from 'vitest'
import { runs } from '../setup/runs.ts'

describe('queueSizeFor()', () => {
  it('is how many items come in so long: a full queue is emptied in that time', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 600_000 }),
        (rate, delay) => {
          const size = queueSizeFor({ rate, delay })
          const each = 1000 / rate
          expect(Number.isInteger(size)).toBe(true)
          // Long enough, and not one longer than that.
          expect(size * each).toBeGreaterThanOrEqual(delay * (1 - 1e-9))
          if (size > 1) expect((size - 1) * each).toBeLessThan(delay)
        },
      ),
      { numRuns: runs(200) },
    )
  })

  it.each([
    [{ rate: 1000, delay: 250 }, 250],
    [{ rate: 10, delay: 250 }, 3],
    [{ rate: 1, delay: 0 }, 1],
    [{ rate: 1.1, delay: 10_000 }, 11],
  ])('%o gives %d', (options, size) => {
    expect(queueSizeFor(options)).toBe(size)
  })

  it.each([
    [undefined, 'queueSizeFor: options must be { rate, delay }, received undefined'],
    [{ rate: 0, delay: 1 }, 'queueSizeFor: rate must be above 0 and finite, received 0'],
    [{ rate: Infinity, delay: 1 }, 'queueSizeFor: rate must be above 0 and finite, received Infinity'],
    [{ rate: '1', delay: 1 }, 'queueSizeFor: rate must be a number, received "1"'],
    [{ rate: 1, delay: -1 }, 'queueSizeFor: delay must be from 0 to 2147483647 milliseconds, received -1'],
  ])('refuses %o', (options, message) => {
    expect(() => queueSizeFor(options as never)).toThrow(message)
  })
})

describe('workersFor()', () => {
  it('keeps the cores as busy as they should be, with no worker too many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 256 }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (cores, wait, compute, utilization) => {
          const workers = workersFor({ cores, wait, compute, utilization })
          // Each worker computes for this part of its time.
          const part = compute / (wait + compute)
          const wanted = cores * utilization
          expect(workers * part).toBeGreaterThanOrEqual(wanted * (1 - 1e-9))
          if (workers > 1) expect((workers - 1) * part).toBeLessThan(wanted)
        },
      ),
      { numRuns: runs(200) },
    )
  })

  it.each([
    [{ cores: 4, wait: 0, compute: 5 }, 4],
    [{ cores: 4, wait: 90, compute: 10 }, 40],
    [{ cores: 8, wait: 50, compute: 50, utilization: 0.5 }, 8],
    [{ cores: 1, wait: 0, compute: 1, utilization: 0.01 }, 1],
    [{ cores: 1, wait: 0.2, compute: 0.1 }, 3],
  ])('%o gives %d', (options, workers) => {
    expect(workersFor(options)).toBe(workers)
  })

  it.each([
    [undefined, 'workersFor: options must be { cores, wait, compute }, received undefined'],
    [{ cores: 0, wait: 1, compute: 1 }, 'workersFor: cores must be a positive integer, received 0'],
    [
      { cores: 1, wait: -1, compute: 1 },
      'workersFor: wait must be a finite number of 0 or more, received -1',
    ],
    [{ cores: 1, wait: '1', compute: 1 }, 'workersFor: wait must be a number, received "1"'],
    [{ cores: 1, wait: 1, compute: 0 }, 'workersFor: compute must be a finite number above 0, received 0'],
    [
      { cores: 1, wait: 1, compute: 1, utilization: 2 },
      'workersFor: utilization must be above 0 and up to 1, received 2',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => workersFor(options as never)).toThrow(message)
  })
})
