import { from, scan, take, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'

describe('scan()', () => {
  it('gives nothing for no items: the initial value is no item', async () => {
    expect(await toArray(from([] as number[]).pipeThrough(scan((sum, n) => sum + n, 1)))).toEqual([])
  })

  it('waits for a promise of the value before the next item', async () => {
    const seen: [number, number][] = []
    const slow = async (sum: number, n: number) => {
      seen.push([sum, n])
      await null
      return sum + n
    }
    expect(await toArray(from([1, 2, 3]).pipeThrough(scan(slow, 0)))).toEqual([1, 3, 6])
    expect(seen).toEqual([
      [0, 1],
      [1, 2],
      [3, 3],
    ])
  })

  it('hands index and signal to a function of three parameters', async () => {
    const flow = from(['a', 'b']).pipeThrough(
      scan((all, s, { index, signal }) => `${all}${s}${index}${signal.aborted}`, ''),
    )
    expect(await toArray(flow)).toEqual(['a0false', 'a0falseb1false'])
  })

  it('keeps undefined as a value', async () => {
    const flow = from([1, 2]).pipeThrough(
      scan((value, n) => (n === 1 ? undefined : typeof value), 'start' as unknown),
    )
    expect(await toArray(flow.pipeThrough(take(2)))).toEqual([undefined, 'undefined'])
  })
})
