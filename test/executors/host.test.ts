import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Host } from '../../src/executors/host.ts'
import type { FromWorker, OutMessage, RunMessage } from '../../src/executors/messages.ts'

function host(task: (item: never) => unknown, overlap: number) {
  const sent: OutMessage[] = []
  const it = new Host(
    { default: task },
    { where: 'test', names: [], data: undefined, worker: 0, overlap, grace: 500, memory: false },
    {
      post: (message: FromWorker) => {
        if (message.type === 'out') sent.push(message)
      },
      hop: then => void setTimeout(then),
      progress: undefined,
    },
  )
  const run = (id: number, items: readonly unknown[], options: Partial<RunMessage> = {}): void => {
    it.receive({
      type: 'run',
      id,
      stage: 'test',
      name: 'default',
      items,
      indexes: 0,
      serial: 0,
      ...options,
    })
  }
  return { host: it, run, sent }
}

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

describe('a worker', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('was not busy with a batch that was cancelled before its first item', async () => {
    const { host: worker, run, sent } = host(wait, 1)
    run(1, [1000])
    await vi.advanceTimersByTimeAsync(500)
    run(2, [1])
    worker.receive({ type: 'cancel', ids: [2] })
    expect(sent).toMatchObject([{ id: 2, values: [], end: { busy: 0 } }])
  })

  it('gives back at once what it will not come to in time, though an item goes on', async () => {
    const { run, sent } = host(() => {
      vi.advanceTimersByTime(20)
      return new Promise(() => {})
    }, 2)
    run(1, ['a', 'b', 'c'], { budget: 16 })
    expect(sent).toEqual([{ type: 'out', id: 1, ats: [], values: [], unstarted: [1, 2] }])
  })

  it('works on items of one key in order, and on others meanwhile', async () => {
    const log: string[] = []
    const { run } = host(async ([key, ms]: [string, number]) => {
      log.push(`${key} begins`)
      await wait(ms)
      log.push(`${key} ends`)
    }, 3)
    run(
      1,
      [
        ['a0', 20],
        ['a1', 5],
        ['b0', 5],
        ['b1', 5],
      ],
      { keys: [1, 1, 2, 2] },
    )
    run(
      2,
      [
        ['a2', 5],
        ['c0', 1],
      ],
      { keys: [1, 3] },
    )
    await vi.advanceTimersByTimeAsync(100)
    const order = (key: string): string[] => log.filter(entry => entry.startsWith(key))
    expect(order('a')).toEqual(['a0 begins', 'a0 ends', 'a1 begins', 'a1 ends', 'a2 begins', 'a2 ends'])
    expect(order('b')).toEqual(['b0 begins', 'b0 ends', 'b1 begins', 'b1 ends'])
    expect(log.indexOf('c0 begins')).toBeLessThan(log.indexOf('a0 ends'))
  })
})
