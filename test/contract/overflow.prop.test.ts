import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { manualTime, OverflowDriver, rest } from './overflow-driver.ts'
import { OverflowModel, PENDING, type Setup } from './overflow-model.ts'

type Op =
  | { readonly op: 'write'; readonly weight: number; readonly priority: number }
  | { readonly op: 'trySend'; readonly weight: number; readonly priority: number }
  | {
      readonly op: 'send'
      readonly weight: number
      readonly priority: number
      readonly limit: number | undefined
      readonly signal: boolean
    }
  | { readonly op: 'abandon'; readonly nth: number }
  | { readonly op: 'tick'; readonly ms: number }
  | { readonly op: 'read' | 'finish' | 'fail' | 'close' | 'abort' | 'cancel' }

const weight = fc.nat(4)
const priority = fc.constantFrom(-1, 0, 0, 1, 1, 1.5, 3)
const often = (weight: number, arbitrary: fc.Arbitrary<Op>) => ({ weight, arbitrary })

const op = fc.oneof(
  often(24, fc.record({ op: fc.constant('write' as const), weight, priority })),
  often(6, fc.record({ op: fc.constant('trySend' as const), weight, priority })),
  often(
    12,
    fc.record({
      op: fc.constant('send' as const),
      weight,
      priority,
      limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      signal: fc.boolean(),
    }),
  ),
  often(
    4,
    fc.nat(3).map(nth => ({ op: 'abandon', nth })),
  ),
  often(
    8,
    fc.integer({ min: 1, max: 4 }).map(ms => ({ op: 'tick', ms })),
  ),
  often(24, fc.constant({ op: 'read' })),
  often(8, fc.constant({ op: 'finish' })),
  often(
    1,
    fc.constantFrom<Op>({ op: 'fail' }, { op: 'close' }, { op: 'close' }, { op: 'abort' }, { op: 'cancel' }),
  ),
)

const setups = (front: Setup['front']): fc.Arbitrary<Setup> =>
  fc.record({
    front: fc.constant(front),
    mode: fc.constantFrom('block', 'dropNewest', 'dropOldest', 'reject', 'timeout'),
    capacity: fc.integer({ min: 1, max: 3 }),
    weighed: fc.boolean(),
    timeout: fc.integer({ min: 1, max: 5 }),
    slow: front === 'channel' ? fc.constant(false) : fc.boolean(),
    routed: fc.boolean(),
    late: fc.boolean(),
    marks: fc.option(
      fc
        .tuple(fc.integer({ min: 1, max: 12 }), fc.nat(11))
        .map(([high, low]) => ({ high: high / 12, low: (low % high) / 12 })),
      { nil: undefined },
    ),
  })

/** With priorities. */
const prioritized = (front: Setup['front']): fc.Arbitrary<Setup> =>
  fc
    .record({ setup: setups(front), ageing: fc.constantFrom(0.5, 1, 2, 3, Infinity), evict: fc.boolean() })
    .map(({ setup, ageing, evict }) => ({
      ...setup,
      slow: false,
      // Nobody goes in `block`, and whoever may have to go after it was taken wants somebody to be told.
      routed: setup.routed || evict,
      priority: { ageing, evict: evict && setup.mode !== 'block' },
    }))

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

/** Does the same to a stage and to the model and compares all that shows after each step. */
async function play(setup: Setup, ops: readonly Op[]): Promise<void> {
  vi.clearAllTimers()
  const model = new OverflowModel(setup)
  const driver = new OverflowDriver(setup)
  const signalled: number[] = []
  let items = 0
  for (const [at, step] of ops.entries()) {
    const reason = `${step.op}-${at}`
    switch (step.op) {
      case 'write':
      case 'send':
      case 'trySend': {
        const item = { id: items++, weight: step.weight, priority: step.priority }
        if (model.piped) {
          if (model.sourceEnds || model.sourceFailed || model.sourceCancelled !== undefined) continue
          model.produce(item)
          driver.produce(item)
        } else if (step.op === 'trySend' && setup.front === 'channel') {
          expect(driver.trySend(item)).toBe(model.trySend(item))
        } else if (step.op === 'send' && setup.front === 'channel') {
          const ticket = model.write(item, step.limit)
          if (step.signal) signalled.push(ticket)
          if (step.signal) driver.send(item, step.limit)
          else driver.write(item, step.limit)
        } else {
          model.write(item)
          driver.write(item)
        }
        break
      }
      case 'abandon': {
        const waiting = signalled.filter(ticket => model.writes[ticket] === PENDING)
        const ticket = waiting[step.nth]
        if (ticket === undefined) continue
        model.abandon(ticket, reason)
        driver.abandon(ticket, reason)
        break
      }
      case 'tick':
        for (let ms = 0; ms < step.ms; ms++) {
          model.tick()
          await vi.advanceTimersByTimeAsync(1)
          await rest()
        }
        break
      case 'read':
      case 'finish':
        model[step.op]()
        driver[step.op]()
        break
      case 'close':
        if (
          model.shut !== undefined ||
          model.sourceEnds ||
          model.sourceFailed ||
          model.sourceCancelled !== undefined
        )
          continue
        model.close()
        driver.close()
        break
      case 'abort':
        if (model.piped && (model.sourceEnds || model.sourceCancelled !== undefined)) continue
        model.abort(reason)
        driver.abort(reason)
        break
      default:
        model[step.op](reason)
        driver[step.op](reason)
    }
    await rest()
    await compare(model, driver, `step ${at}, ${JSON.stringify(step)}`)
  }
}

async function compare(model: OverflowModel, driver: OverflowDriver, when: string): Promise<void> {
  const { setup, queue, working, received, done, failed, dropped, rejected, timedOut, discarded } = model
  const open = model.shut === undefined && !model.over
  const ready = driver.watchReady()
  await rest()
  const used = Math.min(1, model.weight / setup.capacity)
  const mayWrite = open && (model.desiredSize > 0 || setup.mode.startsWith('drop'))
  const wanted = {
    // A writer is not told of a drop.
    writes:
      setup.front === 'writer'
        ? model.writes.map(answer => (answer === 'false' ? 'true' : answer))
        : model.piped
          ? []
          : model.writes,
    reads: model.reads,
    closing: model.closing,
    log: model.log,
    cancelled: model.sourceCancelled,
    source: model.source.length,
    timers: model.waiting.filter(({ limit }) => limit !== undefined).length,
    desiredSize: setup.front === 'writer' && open ? model.desiredSize : undefined,
    // A promise from before may have settled while there was room for a moment.
    ready: ready && open ? mayWrite || (!ready.fresh && ready.settled) : undefined,
    stats: {
      name: 'inbox',
      received,
      queued: queue.length,
      inFlight: working ? 1 : 0,
      done,
      failed,
      dropped,
      rejected,
      timedOut,
      discarded,
      emitted: done,
      capacity: setup.capacity,
      utilization: used,
    },
    mistold: [],
    // Between the marks it depends on which of them was passed last.
    high:
      setup.marks && used >= setup.marks.high
        ? true
        : !setup.marks || used <= setup.marks.low
          ? false
          : driver.high,
  }
  const got = {
    writes: driver.writes,
    reads: driver.reads,
    closing: driver.closing,
    log: driver.log,
    cancelled: driver.sourceCancelled,
    source: model.source.length > 0 ? driver.sourceHolds : 0,
    timers: vi.getTimerCount(),
    desiredSize: open ? driver.desiredSize : undefined,
    ready: ready && open ? ready.settled : undefined,
    stats: driver.stage.stats(),
    mistold: driver.mistold,
    high: driver.high,
  }
  expect(got, when).toEqual(wanted)
}

describe('contract 6: a stage answers overload as the model does', () => {
  for (const front of ['writer', 'channel', 'fused', 'native'] as const) {
    it(`items from a ${front}`, async () => {
      await fc.assert(fc.asyncProperty(setups(front), fc.array(op, { maxLength: 40, size: 'max' }), play), {
        numRuns: runs(250),
      })
    })

    it(`items from a ${front}, with priorities`, async () => {
      const plans = fc.array(op, { maxLength: 40, size: 'max' })
      await fc.assert(fc.asyncProperty(prioritized(front), plans, play), { numRuns: runs(250) })
    })
  }
})
