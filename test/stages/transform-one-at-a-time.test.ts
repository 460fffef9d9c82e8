import { block, from, map, transform } from 'sluice'
import { expect, it } from 'vitest'
import { soon } from '../contract/probe.ts'

it('transform() works on one chunk at a time, also where several reads wait for what it enqueues', async () => {
  let atWork = 0
  let most = 0
  const stage = transform<number, number>({
    transform(n, controller) {
      most = Math.max(most, ++atWork)
      controller.enqueue(n)
      atWork--
    },
  })
  // The first item comes from a promise, with the others in the inbox behind it.
  const reader = from([1, 2, 3])
    .pipeThrough(map(n => (n === 1 ? Promise.resolve(n) : n), { strategy: block(4) }))
    .pipeThrough(stage)
    .getReader()
  const reads = [reader.read(), reader.read(), reader.read(), reader.read()]
  expect(await soon(Promise.all(reads.map(read => read.then(({ value }) => value))))).toEqual({
    value: [1, 2, 3, undefined],
  })
  expect(most).toBe(1)
})
