import { expect, it } from 'vitest'
import { Host } from '../../src/executors/host.ts'
import type { FromWorker } from '../../src/executors/messages.ts'
import type { TaskContext } from '../../src/executors/task-context.ts'

it('results of a batch may be views of one buffer that each of them moves', () => {
  const buffer = new ArrayBuffer(2)
  const sent: FromWorker[] = []
  const host = new Host(
    {
      default(item: number, context: TaskContext) {
        if (item === 2) return 'another'
        context.transfer([buffer])
        return new Uint8Array(buffer, item, 1)
      },
    },
    { where: 'test', names: [], data: undefined, worker: 0, overlap: 1, grace: 500, memory: false },
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
    items: [0, 1, 2],
    indexes: 0,
    attempts: undefined,
    keys: undefined,
    timeout: undefined,
    budget: undefined,
    serial: 0,
  })
  expect(sent).toMatchObject([
    { values: [new Uint8Array(1), new Uint8Array(1), 'another'], errors: undefined },
  ])
  expect(buffer.byteLength).toBe(0)
})
