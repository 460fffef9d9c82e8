import { expect, it } from 'vitest'
import { SampleOperator } from '../../src/engine/sample-operator.ts'
import { Recorder } from './recorder.ts'

it('SampleOperator looks at the pressure before each item, whoever asks for it', () => {
  const recorder = new Recorder()
  const looks = [true, true, false, true, false]
  const op = new SampleOperator<number>(
    recorder.down,
    () => false,
    () => looks.shift() as boolean,
    () => {},
  )
  op.up = recorder.up
  recorder.take = item => item !== 4
  op.resume()
  // Two are dropped; the third is kept and asks for more, under pressure; the fifth is kept again.
  expect([1, 2, 3].map(op.next)).toEqual([true, true, true])
  expect(op.next(5)).toBe(true)
  expect(op.next(4)).toBe(false)
  expect(recorder.heard()).toEqual(['resume', 3, 4])
  expect(looks).toEqual([])
})
