import { distinct, from, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'

const kept = <T>(items: T[], ...args: Parameters<typeof distinct<T>>) =>
  toArray(from(items).pipeThrough(distinct(...args)))

describe('distinct()', () => {
  it('compares keys as a Set does', async () => {
    const one = {}
    expect(await kept([Number.NaN, Number.NaN, 0, -0, '0', one, {}, one])).toEqual([
      Number.NaN,
      0,
      '0',
      one,
      {},
    ])
  })

  it('takes undefined as a key like any other', async () => {
    expect(await kept([undefined, 1, undefined, null])).toEqual([undefined, 1, null])
    expect(await kept(['a', 'b'], () => undefined)).toEqual(['a'])
  })

  it('with max forgets the key not seen for longest', async () => {
    expect(await kept([1, 2, 3, 1], undefined, { max: 2 })).toEqual([1, 2, 3, 1])
    // Seen again, 1 is remembered anew and 2 goes.
    expect(await kept([1, 2, 1, 3, 1, 2], undefined, { max: 2 })).toEqual([1, 2, 3, 2])
    expect(await kept([1, 1, 2, 1], undefined, { max: 1 })).toEqual([1, 2, 1])
  })
})
