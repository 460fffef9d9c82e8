import { from, toArray } from 'sluice'
import { createPool, type Executor, parallel } from 'sluice/parallel'
import { describe, expect, it, vi } from 'vitest'
import { localExecutor } from '../setup/local-executor.ts'

const tasks = new URL('./work/tasks.ts', import.meta.url)
// biome-ignore lint/suspicious/noExplicitAny: what a caller may pass without types
const make = (module: any, options?: any) => () => parallel(module, options)
const same = (item: unknown) => item

describe('parallel() refuses, when it is made,', () => {
  it.each([
    ['a relative path', './work.js', /must be a URL, such as new URL.*received "\.\/work\.js"/],
    ['nothing', undefined, /must be a URL.*received undefined/],
    ['a number', 5, /must be a URL.*received 5/],
    [
      'a file that is not there',
      new URL('./nope.js', import.meta.url),
      /no worker module at file:.*nope\.js/,
    ],
  ])('%s for a module', (_, module, message) => {
    expect(make(module)).toThrow(TypeError)
    expect(make(module)).toThrow(message)
  })

  it('a pool of another copy of the library', async () => {
    vi.resetModules()
    const other: { createPool: typeof createPool } = await import('sluice/parallel')
    const pool = other.createPool(tasks)
    expect(other.createPool).not.toBe(createPool)
    expect(make(pool)).toThrow(
      new TypeError(
        'parallel: the pool is of another copy of sluice; use the createPool() of the same import',
      ),
    )
    await pool.close()
  })

  it.each([
    [{ threads: 0 }, RangeError, 'parallel: threads must be a positive integer, received 0'],
    [{ threads: 1.5 }, RangeError, 'parallel: threads must be a positive integer, received 1.5'],
    [{ threads: '2' }, TypeError, 'parallel: threads must be a number, received "2"'],
    [
      { threads: { min: 3, max: 2 } },
      RangeError,
      'threads.min must not be above threads.max, received 3 and 2',
    ],
    [
      { threads: { min: 0, max: 2 } },
      RangeError,
      'parallel: threads.min must be a positive integer, received 0',
    ],
    [
      { runtime: 'fibers' },
      TypeError,
      `runtime must be 'threads', 'processes', 'web' or 'inline', received "fibers"`,
    ],
    [{ concurrencyPerWorker: 0 }, RangeError, 'parallel: concurrencyPerWorker must be a positive integer'],
    [{ isolate: true }, TypeError, "parallel: isolate must be 'item', received true"],
    [{ recycleAfter: 0 }, RangeError, 'parallel: recycleAfter must be a positive integer'],
    [{ maxMemory: 0 }, RangeError, 'parallel: maxMemory must be above 0, received 0'],
    [{ maxMemory: '1 MB' }, TypeError, 'parallel: maxMemory must be a number of bytes, received "1 MB"'],
    [{ resourceLimits: 5 }, TypeError, 'parallel: resourceLimits'],
    [{ execArgv: '--x' }, TypeError, 'parallel: execArgv must be an array, received "--x"'],
    [{ grace: -1 }, RangeError, 'parallel: grace must be from 0'],
    [{ name: 5 }, TypeError, 'parallel: name must be a string, received 5'],
    [
      { name: 'double', batch: 0 },
      RangeError,
      'parallel double: batch must be a positive integer, received 0',
    ],
    [{ batch: 'all' }, TypeError, 'parallel: batch must be a number, received "all"'],
    [{ ordered: 1 }, TypeError, 'parallel: ordered must be true or false, received 1'],
    [{ key: 'id' }, TypeError, 'parallel: key must be a function, received "id"'],
    [{ timeout: '5s' }, TypeError, 'parallel: timeout must be a number of milliseconds, received "5s"'],
    [{ transfer: [] }, TypeError, 'parallel: transfer must be a function, received an array of 0'],
    [{ crashRetries: -1 }, RangeError, 'parallel: crashRetries must be an integer of 0 or more'],
    [
      { onError: 'ignore' },
      TypeError,
      `parallel: onError must be 'fail', 'skip' or a function, received "ignore"`,
    ],
    [{ signal: {} }, TypeError, 'parallel: signal must be an AbortSignal'],
    [{ strategy: 5 }, TypeError, 'strategy must be a QueuingStrategy'],
    [5, TypeError, 'parallel: options must be an object, received 5'],
  ])('%o', (options, type, message) => {
    expect(make(tasks, options)).toThrow(type)
    expect(make(tasks, options)).toThrow(message)
  })

  it.each([
    [{ executor: {} }, 'executor must have concurrency, run(batch) and close(), received [object Object]'],
    [{ executor: null }, 'executor must have concurrency'],
    [
      { executor: { ...localExecutor(same), concurrency: 0 } },
      'executor.concurrency must be a positive integer',
    ],
    [{ executor: { ...localExecutor(same), ahead: -1 } }, 'executor.ahead must be an integer of 0 or more'],
    [{ executor: localExecutor(same), threads: 2 }, 'threads does not go with an executor of your own'],
  ])('the executor of %o', (options, message) => {
    expect(make(undefined, options)).toThrow(message)
  })

  it('a worker that is made where there is no Worker', () => {
    vi.stubGlobal('Worker', undefined)
    expect(make(() => undefined)).toThrow('this runtime has no global Worker')
    vi.unstubAllGlobals()
    expect(make(() => undefined, { runtime: 'threads' })).toThrow(
      'goes with runtime \'web\', received "threads"',
    )
  })

  it('options of a pool beside a pool', async () => {
    const pool = createPool(tasks)
    expect(make(pool, { threads: 2 })).toThrow(
      'threads is an option of createPool(), whose pool this stage shares',
    )
    await pool.close()
  })
})

describe('parallel() fails, when it runs,', () => {
  const failing = (options: object) => toArray(from([1, 2, 3]).pipeThrough(make(undefined, options)()))
  const executor = (run: Executor['run']): Executor => ({
    concurrency: 1,
    run,
    close: () => Promise.resolve(),
  })

  it('with the very reason of an executor that rejects or throws', async () => {
    const reason = { down: true }
    await expect(failing({ executor: executor(() => Promise.reject(reason)) })).rejects.toBe(reason)
    const thrower = executor(() => {
      throw reason
    })
    await expect(failing({ executor: thrower })).rejects.toBe(reason)
  })

  it('when an executor leaves an item without an outcome', async () => {
    const silent = executor(() => Promise.resolve([]))
    await expect(failing({ executor: silent })).rejects.toThrow(
      'the executor gave no outcome for 1 of 1 items',
    )
  })

  it.each([
    ['an item', 5],
    ['undefined', undefined],
    ['null', null],
    ['a status that there is not', { status: 'done' }],
  ])('when an executor gives %s instead of an outcome', async (_, outcome) => {
    const strange = executor(() => Promise.resolve([outcome as never]))
    await expect(failing({ executor: strange })).rejects.toThrow(
      'the executor gave no outcome for 1 of 1 items',
    )
  })

  it('when what an executor gives is no list', async () => {
    const strange = executor(() => Promise.resolve({} as never))
    await expect(failing({ executor: strange })).rejects.toThrow(TypeError)
  })

  it('when a key is no key, or what is to be moved is no list', async () => {
    const local = localExecutor(same)
    await expect(failing({ executor: local, key: () => ({}) })).rejects.toThrow('key must give a string')
    await expect(failing({ executor: local, transfer: () => 5 })).rejects.toThrow(
      'transfer must give an array',
    )
  })

  it('on a pool that is closed', async () => {
    const pool = createPool(tasks)
    await pool.close()
    await expect(toArray(from([1]).pipeThrough(parallel(pool)))).rejects.toThrow(
      'parallel: the pool is closed',
    )
  })
})

describe('onError', () => {
  const picky = localExecutor<number, number>(item => {
    if (item % 3 === 0) throw new RangeError(`no ${item}`)
    return item
  })
  const run = (onError: object | string) =>
    toArray(from([1, 2, 3, 4, 5, 6]).pipeThrough(make(undefined, { executor: picky, onError })()))

  it('skips, replaces, and skips one and replaces the other', async () => {
    expect(await run('skip')).toEqual([1, 2, 4, 5])
    expect(await run(() => 0)).toEqual([1, 2, 0, 4, 5, 0])
    const seen: unknown[] = []
    const some = (error: Error, item: number, { skip, index, attempts }: never) => {
      seen.push([error.message, item, index, attempts])
      return item === 3 ? skip : undefined
    }
    expect(await run(some)).toEqual([1, 2, 4, 5, undefined])
    expect(seen).toEqual([
      ['no 3', 3, 2, 1],
      ['no 6', 6, 5, 1],
    ])
  })

  it('fails the stage with what it throws, in the turn of the item', async () => {
    const other = new Error('other')
    const thrower = () => {
      throw other
    }
    await expect(run(thrower)).rejects.toBe(other)
  })
})
