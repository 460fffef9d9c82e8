import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BatchOperator } from '../../src/engine/batch-operator.ts'
import { Recorder } from './recorder.ts'

function bench(size: number, maxWait?: number, weigh?: (item: number) => number) {
  const recorder = new Recorder()
  const operator = new BatchOperator<number>(recorder.down as never, size, maxWait, weigh)
  operator.up = recorder.up
  return { recorder, operator }
}

describe('BatchOperator', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('gives a full batch at once where it is asked for, and asks for more meanwhile', () => {
    const { recorder, operator } = bench(2)
    operator.resume()
    expect(operator.next(1)).toBe(true)
    expect(operator.next(2)).toBe(true)
    expect(recorder.heard()).toEqual(['idle', 'resume', [1, 2], 'idle'])
    expect(operator).toMatchObject({ entered: 2, done: 2, emitted: 1, inside: 0 })
  })

  it('holds a full batch until it is asked for', () => {
    const { recorder, operator } = bench(1)
    expect(operator.next(1)).toBe(false)
    expect(recorder.heard()).toEqual([])
    expect(operator.inside).toBe(1)
    operator.resume()
    expect(recorder.heard()).toEqual([[1], 'idle', 'resume'])
  })

  it('is not idle while a batch is open', () => {
    const { recorder, operator } = bench(2)
    operator.next(1)
    operator.resume()
    expect(recorder.heard()).toEqual(['resume'])
  })

  it('gives the next batch only when the one before is taken, even if more is asked for meanwhile', () => {
    const { recorder, operator } = bench(2, undefined, n => n)
    const told: string[] = []
    recorder.take = batch => {
      told.push(`${batch} in`)
      if (told.length === 1) operator.resume()
      told.push(`${batch} out`)
      return false
    }
    operator.next(1)
    operator.next(2)
    operator.resume()
    expect(told).toEqual(['1 in', '1 out', '2 in', '2 out'])
    expect(recorder.heard().filter(said => said === 'resume')).toEqual([])
  })

  it('seals before an item that would make a batch too heavy, and starts anew at 0', () => {
    const { recorder, operator } = bench(4, undefined, n => n)
    operator.resume()
    recorder.heard()
    for (const n of [1, 2, 3, 1, 9]) operator.next(n)
    operator.end()
    expect(recorder.heard().filter(Array.isArray)).toEqual([[1, 2], [3, 1], [9]])
  })

  it.each([-1, Number.NaN])('fails at an item of weight %s, which it names, and counts it', weight => {
    const { recorder, operator } = bench(4, undefined, () => weight)
    expect(operator.next(1)).toBe(false)
    expect(operator).toMatchObject({ entered: 1, failed: 1, inside: 0 })
    expect(recorder.heard()[1]).toEqual([
      'fail',
      new RangeError(`batch: weigh must give a number of 0 or more, received ${weight}`),
    ])
  })

  it('takes items that weigh nothing', () => {
    const { recorder, operator } = bench(4, undefined, () => 0)
    operator.resume()
    expect(operator.next(1)).toBe(true)
    operator.end()
    expect(recorder.heard().slice(2)).toEqual([[1], 'end'])
  })

  it('gives the open batch when its first item has waited long enough', () => {
    const { recorder, operator } = bench(9, 10)
    operator.resume()
    recorder.heard()
    operator.next(1)
    vi.advanceTimersByTime(9)
    operator.next(2)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1)
    expect(recorder.heard()).toEqual([[1, 2], 'idle'])
    expect(vi.getTimerCount()).toBe(0)
    operator.next(3)
    vi.advanceTimersByTime(9)
    expect(recorder.heard()).toEqual([])
    vi.advanceTimersByTime(1)
    expect(recorder.heard()).toEqual([[3], 'idle'])
  })

  it('waits for as long as it takes without a limit', () => {
    const { operator } = bench(9)
    operator.next(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  const OVER: Record<string, (operator: BatchOperator<number>) => void> = {
    'a full batch': operator => void operator.next(2),
    'the end': operator => operator.end(),
    'an error': operator => operator.fail('no'),
    'an abort': operator => operator.abort('no'),
    'a cancel': operator => void operator.cancel('no'),
  }
  for (const [what, act] of Object.entries(OVER)) {
    it(`leaves no timer behind after ${what}`, () => {
      const { operator } = bench(2, 10)
      operator.next(1)
      expect(vi.getTimerCount()).toBe(1)
      act(operator)
      expect(vi.getTimerCount()).toBe(0)
    })
  }

  it('gives what is open, then the end, as they are asked for', () => {
    const { recorder, operator } = bench(2)
    operator.next(1)
    operator.end()
    expect(recorder.heard()).toEqual([])
    operator.resume()
    expect(recorder.heard()).toEqual([[1], 'end'])
  })

  it('gives no empty batch at the end', () => {
    const { recorder, operator } = bench(2)
    operator.end()
    expect(recorder.heard()).toEqual(['end'])
  })

  it('discards what is open at an error, and gives the batches before', () => {
    const { recorder, operator } = bench(2)
    for (const n of [1, 2, 3]) operator.next(n)
    operator.fail('no')
    expect(recorder.heard()).toEqual([])
    operator.resume()
    expect(recorder.heard()).toEqual([
      [1, 2],
      ['fail', 'no'],
    ])
    expect(operator).toMatchObject({ done: 2, inside: 1 })
  })

  it('gives nothing after a cancel from within', () => {
    const { recorder, operator } = bench(1)
    recorder.take = () => {
      operator.cancel('enough')
      return true
    }
    operator.next(1)
    operator.next(2)
    operator.resume()
    expect(recorder.heard()).toEqual([[1], ['cancel', 'enough']])
  })

  it('hears nothing more once it is over', () => {
    const { recorder, operator } = bench(2)
    operator.next(1)
    operator.abort('stop')
    recorder.heard()
    expect(operator.next(2)).toBe(false)
    operator.end()
    operator.fail('late')
    operator.resume()
    expect(recorder.heard().filter(said => said !== 'idle')).toEqual([])
    expect(operator.entered).toBe(1)
  })
})
