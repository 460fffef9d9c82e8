import { describe, expect, it, vi } from 'vitest'
import { Operator } from '../../src/engine/operator.ts'
import { Recorder } from './recorder.ts'

/** An operator that does nothing but what every operator does. */
class Plain extends Operator<number, unknown> {
  override readonly next = (): boolean => true
  override readonly discard = vi.fn()

  override resume(): void {
    this.up.resume()
  }
  override end(): void {
    this.settle({ failed: false })
  }
  override fail(error: unknown): void {
    this.settle({ failed: true, error })
  }
  breaks(error: unknown): boolean {
    return this.raise(error)
  }
  hasEnough(): boolean {
    return this.finish()
  }
}

function plain(cleanup?: Promise<void>) {
  const recorder = new Recorder(cleanup)
  const operator = new Plain(recorder.down)
  operator.up = recorder.up
  operator.onOver = vi.fn()
  return { operator, recorder }
}

interface Case {
  readonly how: string
  readonly act: (operator: Plain) => unknown
  readonly gives?: false
  /** What upstream and downstream hear. */
  readonly said: readonly unknown[]
  /** The reason with which it lets go of what it holds; an ending in band finds nothing held. */
  readonly discards?: readonly [unknown]
}

const CASES: readonly Case[] = [
  { how: 'ended', act: operator => operator.end(), said: ['end'] },
  { how: 'failed from above', act: operator => operator.fail('a'), said: [['fail', 'a']] },
  { how: 'aborted', act: operator => operator.abort('b'), said: [['abort', 'b']], discards: ['b'] },
  { how: 'cancelled', act: operator => operator.cancel('c'), said: [['cancel', 'c']], discards: ['c'] },
  {
    how: 'failing itself',
    act: operator => operator.breaks('d'),
    gives: false,
    said: [
      ['cancel', 'd'],
      ['fail', 'd'],
    ],
    discards: ['d'],
  },
  {
    how: 'having had enough',
    act: operator => operator.hasEnough(),
    gives: false,
    said: [['cancel', undefined], 'end'],
    discards: [undefined],
  },
]

describe('Operator', () => {
  for (const { how, act, gives, said, discards } of CASES) {
    it(`is over once, ${how}, and tells its neighbours and its port`, () => {
      const { operator, recorder } = plain()
      expect(act(operator)).toBe(gives)
      expect(operator.over).toBe(true)
      expect(recorder.heard()).toEqual(said)
      expect(operator.onOver).toHaveBeenCalledOnce()
      expect(operator.discard.mock.calls).toEqual(discards ? [discards] : [])
    })

    for (const later of CASES.filter(({ how }) => how !== 'cancelled')) {
      it(`hears nothing more, ${how} and then ${later.how}`, () => {
        const { operator, recorder } = plain()
        act(operator)
        recorder.heard()
        expect(later.act(operator)).toBe(later.gives)
        expect(recorder.heard()).toEqual([])
        expect(operator.onOver).toHaveBeenCalledOnce()
      })
    }
  }

  for (const { how, act } of CASES.filter(({ how }) => /cancelled|itself|enough/.test(how))) {
    it(`gives whoever cancels it the clean-up that it has caused, ${how}`, async () => {
      const cleanup = Promise.resolve()
      const { operator, recorder } = plain(cleanup)
      act(operator)
      recorder.heard()
      expect(operator.cancel('late')).toBe(cleanup)
      expect(recorder.heard()).toEqual([])
    })
  }

  it('has inside what came in and is neither done nor failed', () => {
    const { operator } = plain()
    expect(operator.inside).toBe(0)
    Object.assign(operator, { entered: 9, done: 4, failed: 2 })
    expect(operator.inside).toBe(3)
  })
})
