import { expect, it } from 'vitest'
import { LatestOperator } from '../../src/engine/latest-operator.ts'
import { Recorder } from './recorder.ts'

it('LatestOperator gives one item after the other, also to who asks and gives while it is given one', () => {
  const recorder = new Recorder()
  const op = new LatestOperator<number>(
    recorder.down,
    now => now,
    () => {},
  )
  op.up = recorder.up
  let depth = 0
  recorder.take = item => {
    expect(depth++).toBe(0)
    op.resume()
    if (item === 1) {
      op.next(2)
      op.next(3)
      op.end()
    }
    depth--
    return false
  }
  op.resume()
  op.next(1)
  expect(recorder.heard()).toEqual(['resume', 1, 3, 'end'])
  expect(op.dropped).toBe(1)
})
