import fc from 'fast-check'
import { block, channel } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualTime } from '../contract/overflow-driver.ts'
import { runs } from '../setup/runs.ts'

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

interface Item {
  readonly id: number
  readonly priority: number
  /** When it came, and how many had left by then. */
  readonly at: number
  readonly left: number
}

/** After a pause items of these priorities come, then some leave. */
const plan = fc.array(
  fc.record({
    pause: fc.nat(40),
    come: fc.array(fc.oneof(fc.integer({ min: -2, max: 3 }), fc.constant(0.5)), { maxLength: 6 }),
    leave: fc.nat(5),
  }),
  { maxLength: 25, size: 'max' },
)
const ageing = fc.constantFrom(2, 10, 30, Infinity)

/** Gives the items in the order in which they left. */
async function play(steps: typeof plan extends fc.Arbitrary<infer P> ? P : never, ageing: number) {
  // Room for all, or for some: those who wait have their place in the order too.
  const queue = channel<Item>(block(steps.length % 2 === 0 ? 1000 : 4), {
    priority: item => item.priority,
    ageing,
  })
  const reader = queue.readable.getReader()
  const order: Item[] = []
  let id = 0
  const take = async (): Promise<void> => {
    const { value } = await reader.read()
    order.push(value as Item)
  }
  for (const { pause, come, leave } of steps) {
    vi.advanceTimersByTime(pause)
    for (const priority of come) {
      void queue.send({ id: id++, priority, at: performance.now(), left: order.length })
    }
    for (let n = 0; n < leave && order.length < id; n++) await take()
  }
  while (order.length < id) await take()
  return order
}

/** Each pair of items that waited at the same time, in the order in which they left. */
function* pairs(order: readonly Item[]): Generator<readonly [Item, Item]> {
  for (const [at, first] of order.entries()) {
    for (const second of order.slice(at + 1)) if (second.left <= at) yield [first, second]
  }
}

describe('priority', () => {
  it('items of the same priority leave in the order in which they came', async () => {
    await fc.assert(
      fc.asyncProperty(plan, ageing, async (steps, ageing) => {
        for (const [first, second] of pairs(await play(steps, ageing))) {
          if (first.priority === second.priority) expect(first.id).toBeLessThan(second.id)
        }
      }),
      { numRuns: runs(100) },
    )
  })

  it('without ageing, nobody leaves before a higher one that waits too', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async steps => {
        for (const [first, second] of pairs(await play(steps, Infinity))) {
          expect(first.priority).toBeGreaterThanOrEqual(second.priority)
        }
      }),
      { numRuns: runs(100) },
    )
  })

  it('with ageing, one is only overtaken within `ageing` times the difference of priorities', async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.constantFrom(2, 10, 30), async (steps, ageing) => {
        for (const [first, second] of pairs(await play(steps, ageing))) {
          // The one that left first came first, or so little later that its priority makes up for it.
          const late = first.at - second.at
          const lead = (first.priority - second.priority) * ageing
          if (first.id > second.id) expect(late).toBeLessThan(lead)
          else expect(-late).toBeGreaterThanOrEqual(-lead)
        }
      }),
      { numRuns: runs(100) },
    )
  })

  it('a low item is out in time, however many high ones keep coming', async () => {
    const queue = channel<number>(block(16), { priority: level => level, ageing: 100 })
    const reader = queue.readable.getReader()
    for (let n = 0; n < 4; n++) queue.trySend(5)
    queue.trySend(0)
    let now = 0
    // One leaves and one comes every 10 ms: the queue never gets shorter.
    while ((await reader.read()).value !== 0 && now < 10_000) {
      vi.advanceTimersByTime(10)
      now += 10
      queue.trySend(5)
    }
    // Those that came in the first 500 ms go before it: 4 + 50.
    expect(now).toBe(10 * (4 + 49))
  })
})
