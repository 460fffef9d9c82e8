import { from } from 'sluice'
import { expect, it } from 'vitest'
import { settle, soon } from '../contract/probe.ts'

// Fails the run with an unhandled rejection.
it('reports nothing when what comes after a cancel promises to be closed, and is not', async () => {
  async function* items() {
    try {
      yield 1
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: the clean-up is what fails
      throw new Error('clean-up')
    }
  }
  const generator = items()
  await generator.next()
  const cancelled = from(Promise.resolve(generator)).cancel()
  await settle()
  expect(await soon(cancelled)).toEqual({ value: undefined })
})
