import { block, channel, forEach, from, keepAlive, toArray } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settle, soon } from '../contract/probe.ts'
import { manualClock, pass } from './time-tools.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

describe('keepAlive()', () => {
  it('holds the item that comes when a made one was just taken, and gives it next', async () => {
    const queue = channel<string>(block(1))
    const stage = keepAlive<string>(10, () => 'beat')
    const reader = queue.readable.pipeThrough(stage).getReader()
    const read = reader.read()
    await pass(10)
    expect(await read).toEqual({ done: false, value: 'beat' })
    queue.trySend('a')
    await settle()
    expect(stage.stats()).toMatchObject({ received: 1, inFlight: 1, emitted: 1 })
    // It is taken at most one ahead, and its writer knows.
    queue.trySend('b')
    expect(queue.trySend('c')).toBe(false)
    expect((await reader.read()).value).toBe('a')
    expect((await reader.read()).value).toBe('b')
    await reader.cancel()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives the item it holds before the end, and before an error', async () => {
    for (const error of [undefined, new Error('source')]) {
      const queue = channel<string>(block(1))
      const reader = queue.readable.pipeThrough(keepAlive<string>(10, () => 'beat')).getReader()
      const read = reader.read()
      await pass(10)
      await read
      queue.trySend('a')
      await settle()
      if (error) {
        const aborted = queue.abort(error)
        expect(await soon(reader.read())).toEqual({ error })
        await aborted
      } else {
        queue.close()
        expect((await reader.read()).value).toBe('a')
        expect((await reader.read()).done).toBe(true)
      }
    }
  })

  it('awaits what make promises; an item that comes meanwhile takes its place', async () => {
    const queue = channel<string>(block(9))
    const made: ((beat: string) => void)[] = []
    const seen: string[] = []
    const make = () => new Promise<string>(resolve => made.push(resolve))
    const reading = forEach(queue.readable.pipeThrough(keepAlive(10, make)), item => void seen.push(item))
    await pass(10)
    made[0]?.('first')
    await pass(30)
    expect(made.length).toBe(2)
    queue.trySend('item')
    await settle()
    made[1]?.('late')
    await settle()
    expect(seen).toEqual(['first', 'item'])
    queue.close()
    await reading
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [
      'throws',
      () => {
        throw 'thrown'
      },
    ],
    ['rejects', () => Promise.reject(undefined)],
  ])('fails with what make %s', async (how, make) => {
    const queue = channel<string>(block(9))
    const reading = toArray(queue.readable.pipeThrough(keepAlive<string, string>(10, make)))
    const ended = soon(reading, 400)
    await pass(10)
    expect(await ended).toEqual({ error: how === 'throws' ? 'thrown' : undefined })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('forgets a failure of make that comes too late', async () => {
    const queue = channel<string>(block(9))
    let reject: (reason: unknown) => void = () => {}
    const make = () => new Promise<string>((_, no) => void (reject = no))
    const reading = toArray(queue.readable.pipeThrough(keepAlive(10, make)))
    await pass(10)
    queue.trySend('item')
    await settle()
    reject(new Error('late'))
    queue.close()
    expect(await reading).toEqual(['item'])
  })

  it('lets make push an item, which takes its place', async () => {
    const queue = channel<string>(block(9))
    const make = () => {
      queue.trySend('pushed')
      return 'beat'
    }
    const reader = queue.readable.pipeThrough(keepAlive<string>(10, make)).getReader()
    const read = reader.read()
    await pass(10)
    expect((await read).value).toBe('pushed')
    await reader.cancel()
  })

  it('lets make end the chain', async () => {
    const queue = channel<string>(block(9))
    const make = () => {
      queue.abort('enough').catch(() => {})
      return 'beat'
    }
    const ended = soon(toArray(queue.readable.pipeThrough(keepAlive(10, make))), 400)
    await pass(10)
    expect(await ended).toEqual({ error: 'enough' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('runs no timer behind a source that is always ready', async () => {
    const reader = from([1, 2, 3])
      .pipeThrough(keepAlive<number>(10, () => 0))
      .getReader()
    await reader.read()
    await settle()
    expect(vi.getTimerCount()).toBe(0)
    await reader.cancel()
  })

  it.each([
    [0, () => 1, 'keepAlive: ms must be at least 1, received 0'],
    [5, 'beat', 'keepAlive: make must be a function, received "beat"'],
  ])('refuses %o, %o', (ms, make, message) => {
    expect(() => keepAlive(ms, make as () => unknown)).toThrow(message)
  })
})
