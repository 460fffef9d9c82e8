import { afterEach, expect, it, vi } from 'vitest'
import { Host } from '../../src/executors/host.ts'
import type { FromWorker } from '../../src/executors/messages.ts'
import type { TaskContext } from '../../src/executors/task-context.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function start(
  task: (item: never, context: TaskContext) => unknown,
  items: readonly unknown[],
  overlap: number,
) {
  const sent: FromWorker[] = []
  const host = new Host(
    { default: task },
    { where: 'test', names: [], data: undefined, worker: 0, overlap, grace: 500, memory: false },
    {
      post: (message, transfer) => void sent.push(structuredClone(message, { transfer })),
      hop: then => void setTimeout(then),
      progress: undefined,
    },
  )
  host.receive({
    type: 'run',
    id: 1,
    stage: 'test',
    name: 'default',
    items,
    indexes: 0,
    serial: 0,
  })
  return sent
}

it('results of a batch may be views of one buffer that each of them moves', () => {
  // What takes a while is sent in parts.
  vi.spyOn(performance, 'now').mockReturnValue(1)
  const buffer = new ArrayBuffer(2)
  const sent = start(
    (item: number, context) => {
      if (item === 2) return 'another'
      context.transfer([buffer])
      return new Uint8Array(buffer, item, 1)
    },
    [0, 1, 2],
    1,
  )
  expect(sent).toMatchObject([{ values: [new Uint8Array(1), new Uint8Array(1), 'another'] }])
  expect(sent[0]).not.toHaveProperty('errors')
  expect(buffer.byteLength).toBe(0)
})

it('transfer() may be taken out of its context', () => {
  const buffer = new ArrayBuffer(2)
  const sent = start((_item: number, { transfer }) => (transfer([buffer]), buffer), [0], 1)
  expect(sent).toMatchObject([{ values: [new ArrayBuffer(2)] }])
  expect(sent[0]).not.toHaveProperty('errors')
  expect(buffer.byteLength).toBe(0)
})

it('transfer() of something that is no array says what to give', () => {
  const sent = start(
    (_item: number, { transfer }) => transfer(new ArrayBuffer(2) as unknown as ArrayBuffer[]),
    [0],
    1,
  )
  const message = 'transfer takes an array, such as transfer([buffer])'
  expect(sent).toMatchObject([{ errors: [[0, { name: 'TypeError', message }]] }])
})

it('parts of a result are moved with it, not with those that are sent while it is worked on', async () => {
  const buffers = [new ArrayBuffer(1), new ArrayBuffer(2)]
  let go = (): void => {}
  const gate = new Promise<void>(resolve => {
    go = resolve
  })
  const sent = start(
    async (item: number, context) => {
      const buffer = buffers[item]
      // The one says early what is to be moved, the other late.
      if (item === 0) context.transfer([buffer as ArrayBuffer])
      if (item < 2) await gate
      if (item === 1) context.transfer([buffer as ArrayBuffer])
      return buffer
    },
    [0, 1, 2],
    3,
  )
  while (sent.length === 0) await new Promise(resolve => setTimeout(resolve))
  expect(sent).toMatchObject([{ ats: [2] }])
  expect(sent[0]).not.toHaveProperty('end')
  expect(buffers.map(({ byteLength }) => byteLength)).toEqual([1, 2])
  go()
  while (sent.length === 1) await new Promise(resolve => setTimeout(resolve))
  expect(sent[1]).toMatchObject({ ats: [0, 1] })
  expect(sent[1]).not.toHaveProperty('errors')
  expect(buffers.map(({ byteLength }) => byteLength)).toEqual([0, 0])
})
