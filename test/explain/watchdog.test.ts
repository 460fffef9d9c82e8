import { channel, type Explanation, from, map, reject, sink, tap, toArray, watchdog } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { never } from './stuck.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A channel with a stage behind it whose items settle when the test says so, and a watch over both. */
function watched(options: { idle?: boolean } = {}) {
  const stalls: Explanation[] = []
  const settle: (() => void)[] = []
  const input = channel<number>(reject(10))
  const stage = map((n: number) => new Promise<number>(resolve => settle.push(() => resolve(n))), {
    name: 'work',
  })
  const done = toArray(input.readable.pipeThrough(stage))
  const stop = watchdog(stage, { after: 1_000, report: stall => stalls.push(stall), ...options })
  return { input, stage, stalls, settle, done, stop }
}

describe('watchdog()', () => {
  it('reports a stall once, a quarter of the time late at the most', async () => {
    const { input, stalls } = watched()
    input.trySend(1)
    await vi.advanceTimersByTimeAsync(999)
    expect(stalls).toEqual([])
    await vi.advanceTimersByTimeAsync(251)
    expect(stalls).toHaveLength(1)
    expect(stalls[0]?.culprit).toMatchObject({ name: 'work', waitsOn: 'function', detail: 'item 0' })
    await vi.advanceTimersByTimeAsync(100_000)
    expect(stalls).toHaveLength(1)
  })

  it('reports the next stall once something has moved', async () => {
    const { input, settle, stalls } = watched()
    for (const n of [1, 2]) input.trySend(n)
    await vi.advanceTimersByTimeAsync(2_000)
    settle[0]?.()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(stalls.map(({ culprit }) => culprit?.detail)).toEqual(['item 0', 'item 1'])
  })

  it('says nothing while something moves now and then', async () => {
    const { input, settle, stalls } = watched()
    for (let n = 0; n < 20; n++) {
      input.trySend(n)
      await vi.advanceTimersByTimeAsync(900)
      settle[n]?.()
    }
    expect(stalls).toEqual([])
  })

  it.each([
    { idle: true, stalls: 1 },
    { idle: false, stalls: 0 },
  ])(
    'with idle: $idle reports $stalls stalls of a chain that has nothing to do',
    async ({ idle, stalls }) => {
      const chain = watched({ idle })
      await vi.advanceTimersByTimeAsync(10_000)
      expect(chain.stalls).toHaveLength(stalls)
    },
  )

  it('reports a stall of the function though idle is false', async () => {
    const { input, stalls } = watched({ idle: false })
    input.trySend(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(stalls).toHaveLength(1)
  })

  it('sees a chain move that nobody counts', async () => {
    const stalls: Explanation[] = []
    const source = from(
      (async function* () {
        for (let n = 0; n < 10; n++) {
          // On the test's own clock: nobody waits.
          await new Promise(resolve => setTimeout(resolve, 900))
          yield n
        }
      })(),
    )
    const done = source.pipeTo(new WritableStream())
    watchdog(source, { after: 1_000, report: stall => stalls.push(stall) })
    await vi.advanceTimersByTimeAsync(9_050)
    await done
    await vi.advanceTimersByTimeAsync(250)
    expect(stalls).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('reports a chain that nobody reads', async () => {
    const stalls: Explanation[] = []
    const flow = from([1]).pipeThrough(tap(() => {}))
    watchdog(flow, { after: 100, report: stall => stalls.push(stall) })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(stalls.map(String)).toEqual([expect.stringContaining('nobody reads the flow behind tap')])
  })

  it('ends with the chain', async () => {
    const { input, settle, done } = watched()
    input.trySend(1)
    await vi.advanceTimersByTimeAsync(10)
    expect(vi.getTimerCount()).toBe(1)
    settle[0]?.()
    void input.close()
    await done
    await vi.advanceTimersByTimeAsync(250)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with the chain when it fails', async () => {
    const flow = from([1]).pipeThrough(
      map(() => {
        throw new Error('no')
      }),
    )
    watchdog(flow, { after: 100 })
    await expect(toArray(flow)).rejects.toThrow('no')
    await vi.advanceTimersByTimeAsync(25)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is ended by what it gives', async () => {
    const { input, stalls, stop } = watched()
    input.trySend(1)
    stop()
    stop()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(stalls).toEqual([])
  })

  it('is ended by its signal, also one that has fired before', () => {
    const flow = from([1])
    const controller = new AbortController()
    watchdog(flow, { after: 100, signal: controller.signal })
    expect(vi.getTimerCount()).toBe(1)
    controller.abort()
    expect(vi.getTimerCount()).toBe(0)
    watchdog(flow, { after: 100, signal: controller.signal })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('warns on the console where nobody takes its reports', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const flow = from([1]).pipeThrough(map(never, { name: 'work' }))
    flow.pipeTo(sink(() => {}))
    const stop = watchdog(flow, { after: 100 })
    await vi.advanceTimersByTimeAsync(200)
    stop()
    expect(warn.mock.calls).toEqual([[expect.stringContaining('work is at fault')]])
  })

  it('lets its report end the chain', async () => {
    const flow = from([1]).pipeThrough(map(never))
    const reader = flow.getReader()
    const read = reader.read()
    watchdog(flow, { after: 100, report: () => void reader.cancel('stuck') })
    await vi.advanceTimersByTimeAsync(200)
    expect(await read).toEqual({ done: true, value: undefined })
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [undefined, TypeError, 'watchdog: options must be { after }, received undefined'],
    [{}, TypeError, 'watchdog: after must be a number of milliseconds, received undefined'],
    [{ after: 0 }, RangeError, 'watchdog: after must be above 0 milliseconds, received 0'],
    [{ after: -1 }, RangeError, 'watchdog: after must be from 0 to 2147483647 milliseconds, received -1'],
    [{ after: 1, report: 1 }, TypeError, 'watchdog: report must be a function, received 1'],
    [{ after: 1, idle: 1 }, TypeError, 'watchdog: idle must be true or false, received 1'],
    [{ after: 1, signal: 1 }, TypeError, 'watchdog: signal must be an AbortSignal, received 1'],
  ])('refuses %o', (options, type, message) => {
    expect(() => watchdog(from([1]), options as never)).toThrow(new type(message))
  })

  it('refuses what is no part of a chain', () => {
    expect(() => watchdog({} as never, { after: 1 })).toThrow(
      new TypeError('watchdog: the argument must be a flow, a stage or a sink, received [object Object]'),
    )
  })
})
