import fc from 'fast-check'
import { block, channel, dropNewest, dropOldest, forEach, reject } from 'sluice'
import { describe, expect, it } from 'vitest'
import { runs } from '../setup/runs.ts'
import { rest } from './overflow-driver.ts'
import { expectLaw } from './probe.ts'

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

interface Item {
  readonly id: number
  readonly weight: number
}

/** Takes one item each time it is told to. */
function reads(stream: ReadableStream<Item>, out: number[]) {
  const reader = stream.getReader()
  reader.closed.catch(() => {})
  const more = (): void => {
    reader.read().then(
      ({ value }) => value && out.push(value.id),
      () => {},
    )
  }
  return { more, cancel: () => void reader.cancel().catch(() => {}) }
}

/** Takes all that there are in one loop, but stays at an item of odd weight until it is told to go on. */
function loop(stream: ReadableStream<Item>, out: number[]) {
  const controller = new AbortController()
  let more = (): void => {}
  const take = ({ id, weight }: Item): Promise<void> | undefined => {
    out.push(id)
    if (weight % 2 === 0) return undefined
    return new Promise(resolve => {
      more = resolve
    })
  }
  forEach(stream, take, { signal: controller.signal }).catch(() => {})
  return { more: () => more(), cancel: () => controller.abort() }
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
    // That they are told of anything; a case has ten calls or so, many have none.
    expect(calls).toBeGreaterThan(runs(200) / 10)
  })

  it('may do anything to its stage from within, and items stay in order and in the account', async () => {
    const deeds = ['push', 'push', 'read', 'read', 'stop', 'close', 'abort', 'cancel', 'throw'] as const
    const deed = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom<(typeof deeds)[number]>('push', 'read') },
      { weight: 1, arbitrary: fc.constantFrom(...deeds) },
    )
    const weighted = fc.record({ weight: fc.nat(3), deed })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(strategies) as (keyof typeof strategies)[])),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.array(fc.array(weighted, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
        fc.array(weighted, { maxLength: 40, size: 'max' }),
        async (mode, capacity, byLoop, scripts, steps) => {
          let id = 0
          const accepted: number[] = []
          const dropped: number[] = []
          const out: number[] = []
          const wrong: string[] = []
          const queue = channel<Item>(
            strategies[mode]({ highWaterMark: capacity, size: ({ weight }) => weight }),
            { onDrop: item => void dropped.push(item.id) },
          )
          const consumer = byLoop ? loop(queue.readable, out) : reads(queue.readable, out)
          const states: { high: boolean; stopped: boolean; fraction: number; stop: () => void }[] = []
          const act = (deed: (typeof deeds)[number], weight: number, who: number): void => {
            if (deed === 'push') {
              const item = { id: id++, weight }
              // Taken in its turn, which is before any that is pushed from within.
              accepted.push(item.id)
              if (!queue.trySend(item)) accepted.splice(accepted.indexOf(item.id), 1)
            } else if (deed === 'read') consumer.more()
            else if (deed === 'stop') states[who]?.stop()
            else if (deed === 'cancel') consumer.cancel()
            else if (deed !== 'throw') queue[deed]()
            else if (who >= 0) throw new Error('thrown')
          }
          let within = false
          for (const [who, script] of scripts.entries()) {
            const left = [...script]
            const fraction = (who + 1) / scripts.length
            const end = queue.onPressure(fraction, (high, { utilization }) => {
              if (within) wrong.push('nested')
              if (high === state.high) wrong.push('twice')
              if (high ? utilization < fraction : utilization > fraction / 2) wrong.push('mistold')
              state.high = high
              expectLaw(queue)
              const { deed, weight } = left.shift() ?? { deed: 'stop' as const, weight: 0 }
              within = true
              try {
                act(deed, weight, who)
              } finally {
                within = false
              }
            })
            const stop = (): void => {
              end()
              state.stopped = true
            }
            const state = { high: false, stopped: false, fraction, stop }
            states.push(state)
          }
          for (const { deed, weight } of steps) {
            act(deed, weight, -1)
            expectLaw(queue)
            const used = queue.utilization
            for (const { high, stopped, fraction } of states) {
              if (!stopped && (high ? used <= fraction / 2 : used >= fraction)) wrong.push('untold')
            }
            if (weight === 0) await rest()
          }
          queue.close()
          for (let n = 0; n <= id; n++) {
            consumer.more()
            await rest()
          }
          expect(wrong).toEqual([])
          expectLaw(queue)
          const { queued, inFlight, discarded } = queue.stats()
          expect(queued + inFlight).toBe(0)
          const kept = accepted.filter(item => !dropped.includes(item))
          expect(out).toEqual(kept.slice(0, kept.length - discarded))
        },
      ),
      { numRuns: runs(300) },
    )
  })
})
