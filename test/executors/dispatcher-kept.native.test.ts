import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Dispatcher } from '../../src/executors/dispatcher.ts'
import type { Executor } from '../../src/executors/executor.ts'
import { turn } from '../setup/turn.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const executor: Executor = {
  concurrency: 1,
  run: () => Promise.resolve([]),
  close: () => Promise.resolve(),
}

/** A stage that has come and gone, by what only it refers to. */
function comeAndGo(dispatcher: Dispatcher): WeakRef<object> {
  const operator = {}
  const line = dispatcher.open<number>(
    { stage: '', name: '', batch: 1, timeout: undefined, moves: false, keyed: false },
    { outcome: () => operator, fulfilled() {}, ended() {}, broken() {}, closing() {} },
  )
  dispatcher.leave(line, undefined)
  return new WeakRef(operator)
}

async function isAlive(operator: WeakRef<object>): Promise<boolean> {
  // A weak reference counts as a strong one until the turn is over.
  await turn()
  collect()
  return operator.deref() !== undefined
}

describe('a pool whose stages have ended', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('holds on to the last one for a second, so that what was compiled for it outlives a collection', async () => {
    const dispatcher = new Dispatcher(executor, 1)
    const first = comeAndGo(dispatcher)
    expect(await isAlive(first)).toBe(true)
    const second = comeAndGo(dispatcher)
    expect(await isAlive(first)).toBe(false)
    vi.advanceTimersByTime(999)
    expect(await isAlive(second)).toBe(true)
    vi.advanceTimersByTime(1)
    expect(await isAlive(second)).toBe(false)
  })

  it('lets go of it when it is closed', async () => {
    const dispatcher = new Dispatcher(executor, 1)
    const last = comeAndGo(dispatcher)
    await dispatcher.close()
    expect(vi.getTimerCount()).toBe(0)
    expect(await isAlive(last)).toBe(false)
  })
})
