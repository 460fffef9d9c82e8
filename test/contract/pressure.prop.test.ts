import fc from 'fast-check'
import { block, channel, dropNewest, dropOldest, reject } from 'sluice'
import { describe, expect, it } from 'vitest'
import { runs } from '../setup/runs.ts'
import { rest } from './overflow-driver.ts'

const strategies = { block, dropNewest, dropOldest, reject }

type Op =
  | { readonly op: 'push'; readonly weight: number }
  | { readonly op: 'listen'; readonly high: number; readonly low: number }
  | { readonly op: 'stop'; readonly nth: number }
  | { readonly op: 'read' | 'abort' | 'cancel' | 'close' }

const listen = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.nat(19))
  .map(([high, low]): Op => ({ op: 'listen', high: high / 20, low: (low % high) / 20 }))

const op = fc.oneof(
  { weight: 20, arbitrary: fc.record({ op: fc.constant('push' as const), weight: fc.nat(5) }) },
  { weight: 16, arbitrary: fc.constant<Op>({ op: 'read' }) },
  { weight: 4, arbitrary: listen },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('stop' as const), nth: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constantFrom<Op>({ op: 'abort' }, { op: 'cancel' }, { op: 'close' }) },
)

/** What listeners are told, by the plain definition: one state for each, changed as the use passes its marks. */
class Model {
  readonly told: string[] = []
  readonly capacity: number
  readonly #listeners: { id: number; high: number; low: number; isHigh: boolean; stopped: boolean }[] = []

  constructor(capacity: number) {
    this.capacity = capacity
  }

  listen(high: number, low: number): void {
    this.#listeners.push({ id: this.#listeners.length, high, low, isHigh: false, stopped: false })
  }

  stop(nth: number): void {
    const listener = this.#listeners[nth]
    if (listener) listener.stopped = true
  }

  /** The inbox holds this much now. */
  see(weight: number, queued: number): void {
    for (const listener of this.#listeners) {
      const passed = listener.isHigh
        ? weight / this.capacity <= listener.low
        : weight / this.capacity >= listener.high
      if (!passed || listener.stopped) continue
      listener.isHigh = !listener.isHigh
      this.told.push(`${listener.id} ${listener.isHigh} ${queued}`)
    }
  }
}

describe('stage.onPressure()', () => {
  it('tells each listener of its marks, in turns, as the use goes up and down', async () => {
    let calls = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(strategies) as (keyof typeof strategies)[])),
        fc.constantFrom(1, 3, 7, 10),
        fc.array(op, { maxLength: 60, size: 'max' }),
        async (mode, capacity, ops) => {
          const size = (item: { weight: number }): number => item.weight
          const queue = channel<{ weight: number }>(strategies[mode]({ highWaterMark: capacity, size }))
          const reader = queue.readable.getReader()
          reader.closed.catch(() => {})
          const model = new Model(capacity)
          const told: string[] = []
          const stops: (() => void)[] = []
          for (const step of ops) {
            switch (step.op) {
              case 'push':
                queue.trySend({ weight: step.weight })
                break
              case 'read':
                // A read that waits would let items past the queue.
                if (queue.stats().queued > 0) await reader.read()
                break
              case 'listen': {
                const id = stops.length
                model.listen(step.high, step.low)
                stops.push(
                  queue.onPressure(
                    step.high,
                    (high, { queued }) => void told.push(`${id} ${high} ${queued}`),
                    {
                      low: step.low,
                    },
                  ),
                )
                break
              }
              case 'stop':
                model.stop(step.nth)
                stops[step.nth]?.()
                break
              case 'cancel':
                await reader.cancel().catch(() => {})
                break
              default:
                queue[step.op]()
            }
            // Nothing but a listener that came late is told in a microtask.
            if (step.op === 'listen') await rest()
            model.see(queue.size, queue.stats().queued)
            expect(told, JSON.stringify(step)).toEqual(model.told)
          }
          calls += told.length
          reader.cancel().catch(() => {})
        },
      ),
      { numRuns: runs(200) },
    )
    expect(calls).toBeGreaterThan(200)
  })
})
