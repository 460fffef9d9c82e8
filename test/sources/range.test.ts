import { range, take, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'

const numbers = (start: number, end: number, step?: number) =>
  toArray(range(start, end, step === undefined ? {} : { step }).pipeThrough(take(2000)))

describe('range()', () => {
  it('gives the numbers from start up to, but without, end', async () => {
    expect(await numbers(2, 5)).toEqual([2, 3, 4])
  })

  it('is empty where there is nothing between', async () => {
    expect(await numbers(0, 0)).toEqual([])
    expect(await numbers(5, 2)).toEqual([])
    expect(await numbers(2, 5, -1)).toEqual([])
  })

  it('counts down with a negative step', async () => {
    expect(await numbers(5, 2, -1)).toEqual([5, 4, 3])
    expect((await numbers(0, -Infinity, -2)).slice(0, 3)).toEqual([0, -2, -4])
  })

  it('does not add up rounding errors', async () => {
    expect(await numbers(0, 1, 0.1)).toEqual(Array.from({ length: 10 }, (_, n) => n * 0.1))
  })

  it('leaves out an end that the last step hits', async () => {
    expect(await numbers(0, 10, 5)).toEqual([0, 5])
    expect(await numbers(0, 11, 5)).toEqual([0, 5, 10])
  })

  it('takes a start that is no integer', async () => {
    expect(await numbers(0.5, 3)).toEqual([0.5, 1.5, 2.5])
  })

  it('goes on without end', async () => {
    expect(await numbers(0, Infinity)).toEqual(Array.from({ length: 2000 }, (_, n) => n))
  })
})
