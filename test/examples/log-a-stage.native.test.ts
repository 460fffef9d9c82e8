import { inspect } from 'node:util'
import { block, channel, compose, map, reject, Stage } from 'sluice'
import { expect, test } from 'vitest'

// What a newcomer does first with a thing he has just made: console.log(it).
test.each([
  ['map()', () => map(String)],
  ['map() with a strategy', () => map(String, { strategy: block(3) })],
  ['compose()', () => compose(map(String))],
  ['channel()', () => channel(reject(1))],
  ['new Stage()', () => new Stage()],
])('%s can be logged', (_name, make) => {
  const stage = make()
  expect(inspect({ stage })).toContain('stage:')
})
