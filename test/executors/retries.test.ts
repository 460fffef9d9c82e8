import { from, toArray } from 'sluice'
import { type Executor, type Outcome, parallel } from 'sluice/parallel'
import { describe, expect, it, vi } from 'vitest'
import { soon, turn } from '../setup/turn.ts'
import { settle } from './fake-place.ts'
import { scriptedExecutor } from './scripted-executor.ts'

describe('parallel()', () => {
  it('tells onError how many times an item was tried, whatever ended it', async () => {
    const { executor } = scriptedExecutor(
      [['fails'], ['crashes', 'fails'], ['crashes', 'crashes', 'late'], ['crashes', 'crashes', 'crashes']],
      [],
      { concurrency: 1, ahead: 0 },
    )
    const stage = parallel<number, number>(undefined, {
      executor,
      crashRetries: 2,
      timeout: 5,
      onError: (_error, _item, { attempts }) => attempts,
    })
    expect(await toArray(from([0, 1, 2, 3]).pipeThrough(stage))).toEqual([1, 2, 3, 3])
  })

  it('never tries an item again whose parts were moved, and says so where its worker died before it', async () => {
    const outcomes: Outcome<number>[] = [{ status: 'unstarted' }, { status: 'rejected', reason: 'item 1' }]
    let runs = 0
    const executor: Executor<number, number> = {
      concurrency: 1,
      run({ transfer }) {
        structuredClone(transfer, { transfer: [...(transfer as ArrayBuffer[])] })
        return Promise.resolve([outcomes[runs++] ?? { status: 'fulfilled', value: 0 }])
      },
      close: () => Promise.resolve(),
    }
    const errors: unknown[] = []
    const stage = parallel<number, number>(undefined, {
      executor,
      batch: 1,
      crashRetries: 1,
      retry: { attempts: 2, delay: 0 },
      transfer: () => [new ArrayBuffer(1)],
      onError: (error, _item, { skip }) => {
        errors.push(String(error))
        return skip
      },
    })
    expect(await toArray(from([0, 1]).pipeThrough(stage))).toEqual([])
    expect(errors).toEqual([
      'WorkerCrashError: parallel: the worker of item 0 died: not at it, but parts of it had been moved there',
      'item 1',
    ])
    expect(runs).toBe(2)
  })

  it('gives a broken executor no further batch', async () => {
    let runs = 0
    const executor: Executor<number, number> = {
      concurrency: 1,
      run() {
        runs++
        return Promise.reject(new Error('no workers here'))
      },
      close: () => Promise.resolve(),
    }
    const stage = parallel<number, number>(undefined, { executor, batch: 1 })
    await expect(toArray(from([1, 2, 3]).pipeThrough(stage))).rejects.toThrow('no workers here')
    expect(runs).toBe(1)
  })

  it('has an item that comes back early run at another worker while the rest of its batch goes on', async () => {
    // However slow the machine is: else the source might hand control back before a batch is full.
    vi.spyOn(performance, 'now').mockReturnValue(1)
    const log: [worker: number, items: readonly number[]][] = []
    let finish = (): void => {}
    const executor: Executor<number, number> = {
      concurrency: 2,
      run(batch) {
        log.push([batch.worker, batch.items])
        const outcomes = batch.items.map(value => ({ status: 'fulfilled', value }) as const)
        if (log.length > 1) return Promise.resolve(outcomes)
        return new Promise(resolve => {
          finish = () => resolve(outcomes)
          soon(() => batch.report(1, { status: 'unstarted' }))
        })
      },
      close: () => Promise.resolve(),
    }
    const stage = parallel<number, number>(undefined, { executor, batch: 2 })
    const out = toArray(from([0, 1, 2, 3]).pipeThrough(stage))
    await turn()
    await turn()
    await settle()
    const early = [...log]
    vi.restoreAllMocks()
    finish()
    expect(await out).toEqual([0, 1, 2, 3])
    expect(early).toEqual([
      [0, [0, 1]],
      [1, [2]],
      [1, [3]],
      [1, [1]],
    ])
  })
})
