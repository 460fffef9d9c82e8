import { buffer, channel } from 'sluice'
import { expect, it } from 'vitest'

it.each([
  ['channel', channel],
  ['buffer', buffer],
])('%s() without a strategy says what it needs', (name, make) => {
  expect(() => (make as () => unknown)()).toThrow(
    new TypeError(`${name}: strategy must be a QueuingStrategy such as block(16), received undefined`),
  )
})
