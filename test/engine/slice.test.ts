import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Slice } from '../../src/engine/slice.ts'
import { immediately } from '../setup/turn.ts'

let now = 0

beforeEach(() => {
  now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** Runs items of `ms` each, as a source does, until control is to be handed back; how long that was. */
function hold(slice: Slice, ms: number): number {
  const start = now
  while (now - start < 1e6) {
    if (slice.left <= 0 && slice.expired()) return now - start
    slice.left--
    now += ms
  }
  throw new Error('never expired')
}

describe('Slice', () => {
  it('expired() is false at the first look, however late it is', () => {
    expect(new Slice().expired()).toBe(false)
  })

  it('expired() is true once a further item would make it 9 ms since the first look, not before', () => {
    const slice = new Slice()
    slice.expired()
    now += 4.4
    expect(slice.expired()).toBe(false)
    now += 0.1
    expect(slice.expired()).toBe(false)
    now += 4
    expect(slice.expired()).toBe(true)
  })

  it.each([0.001, 0.01, 0.1, 0.5, 1, 3, 4.5])(
    'items of %s ms hold the event loop for 10 ms at the most',
    ms => {
      const held = hold(new Slice(), ms)
      expect(held).toBeGreaterThanOrEqual(9 - Math.max(1, ms))
      expect(held).toBeLessThanOrEqual(10)
    },
  )

  it('an item that takes longer is followed by a hop', () => {
    expect(hold(new Slice(), 40)).toBe(40)
  })

  it('expired() doubles its stride while items are quick, up to 256', () => {
    const slice = new Slice()
    const strides = Array.from({ length: 10 }, () => {
      now += 0.001
      slice.expired()
      return slice.left
    })
    expect(strides).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 256])
  })

  it('expired() shortens its stride at once when items become slow', () => {
    const slice = new Slice()
    for (let look = 0; look < 7; look++) slice.expired()
    now += 64 * 0.3
    slice.expired()
    expect(slice.left).toBe(3)
    now += 3 * 20
    slice.expired()
    expect(slice.left).toBe(1)
  })

  it('hop() runs the task in a later turn, with a fresh slice', async () => {
    const slice = new Slice()
    slice.expired()
    slice.left = 5
    now += 100
    const log: string[] = []
    const hopped = new Promise<void>(resolve =>
      slice.hop(() => {
        log.push(`hopped, left: ${slice.left}, expired: ${slice.expired()}`)
        resolve()
      }),
    )
    log.push('after hop()')
    await Promise.resolve().then(() => log.push('microtask'))
    await hopped
    expect(log).toEqual(['after hop()', 'microtask', 'hopped, left: 0, expired: false'])
  })

  it('hop() works where there is no setImmediate, and closes its port', async () => {
    vi.stubGlobal('setImmediate', undefined)
    const closed = vi.spyOn(MessagePort.prototype, 'close')
    await new Promise<void>(resolve => new Slice().hop(resolve))
    expect(closed).toHaveBeenCalledTimes(1)
  })

  it('hop() uses setImmediate where there is one', async () => {
    const immediate = vi.fn(immediately)
    vi.stubGlobal('setImmediate', immediate)
    await new Promise<void>(resolve => new Slice().hop(resolve))
    expect(immediate).toHaveBeenCalledTimes(1)
  })
})
