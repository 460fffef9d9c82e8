import { expect, it } from 'vitest'
import { settle } from '../contract/probe.ts'
import { error, opened, states } from './transform-tools.ts'

it.each([undefined, { highWaterMark: 0 }])(
  'says after terminate() how many chunks are still to be read: %o',
  async strategy => {
    const { reader, controller } = opened({ start: c => (c.enqueue('a'), c.terminate()) }, strategy)
    expect(controller.desiredSize).toBe(-1)
    await states(reader.read())
    expect(controller.desiredSize).toBe(0)
  },
)

it('ends after what flush enqueued', async () => {
  const { writer, reader } = opened({ flush: c => (c.enqueue('a'), c.enqueue('b')) }, { highWaterMark: 1 })
  expect(await states(writer.close())).toEqual([undefined])
  expect(await states(reader.read(), reader.read(), reader.read())).toEqual(['a', 'b', 'done'])
})

it.each([
  ['controller.error()', 'error'],
  ['a rejection', 'reject'],
])('loses what it had enqueued, even after terminate(), by %s', async (_, how) => {
  const { writer, reader, controller } = opened(
    {
      async transform(n, c) {
        c.enqueue(n)
        c.enqueue(n)
        c.terminate()
        if (how === 'reject') throw error
      },
    },
    { highWaterMark: 3 },
  )
  const write = writer.write(1).catch(() => {})
  await settle()
  if (how === 'error') controller.error(error)
  expect(await states(reader.read(), write)).toEqual(['!error', undefined])
})

it('ends the stream from a start whose promise stays pending', async () => {
  const { reader } = opened({ start: c => (c.enqueue('a'), c.terminate(), new Promise(() => {})) })
  expect(await states(reader.read(), reader.read())).toEqual(['a', 'done'])
})
