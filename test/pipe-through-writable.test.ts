import { from, sink } from 'sluice'
import { expect, it } from 'vitest'

it('pipeThrough() says what to do with a WritableStream, and leaves the flow free', () => {
  const flow = from([1])
  expect(() => flow.pipeThrough(sink(() => {}) as never)).toThrow(
    new TypeError('pipeThrough: a stage is expected, received a WritableStream; use pipeTo'),
  )
  expect(flow.locked).toBe(false)
})
