import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BreakerState, type CircuitState } from '../../src/policies/breaker-state.ts'
import { runs } from '../setup/runs.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const RESET = 100
type Op =
  | { readonly do: 'enter' }
  | { readonly do: 'wait' }
  | { readonly do: 'giveUp' }
  | { readonly do: 'succeed' | 'fail' | 'harmless' | 'abandon'; readonly nth: number }
  | { readonly do: 'pass'; readonly ms: number }

const ended = (name: 'succeed' | 'fail' | 'harmless' | 'abandon') =>
  fc.record({ do: fc.constant(name), nth: fc.nat(5) })
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('enter' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('giveUp' as const) }) },
  { weight: 3, arbitrary: ended('succeed') },
  { weight: 6, arbitrary: ended('fail') },
  { weight: 1, arbitrary: ended('harmless') },
  { weight: 1, arbitrary: ended('abandon') },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 50, 99, 100, 101) }),
  },
)

/** A breaker in so many words: what the books say, without timers, tickets or spells. */
class Model {
  state: CircuitState = 'closed'
  inARow = 0
  openUntil = 0
  /** Calls under way, each with whether it can still change anything. */
  calls: { readonly name: string; live: boolean }[] = []
  /** Calls in the half-open state that may still begin, and that must succeed. */
  toBegin = 0
  toSucceed = 0
  waiters: string[] = []
  changes: CircuitState[] = []
  readonly failures: number
  readonly trials: number

  constructor(failures: number, trials: number) {
    this.failures = failures
    this.trials = trials
  }

  turn(state: CircuitState): void {
    this.state = state
    this.changes.push(state)
    this.inARow = 0
    for (const call of this.calls) call.live = false
    if (state === 'open') this.openUntil = performance.now() + RESET
    else this.toBegin = this.toSucceed = this.trials
  }

  /** Lets those in who may come in. */
  serve(): void {
    while (this.waiters.length > 0 && this.admits()) this.begin(this.waiters.shift() as string)
  }

  admits(): boolean {
    if (this.state === 'open' && performance.now() >= this.openUntil) this.turn('half-open')
    return this.state === 'closed' || (this.state === 'half-open' && this.toBegin > 0)
  }

  begin(name: string): void {
    if (this.state === 'half-open') this.toBegin--
    this.calls.push({ name, live: true })
  }

  end(nth: number, how: 'succeed' | 'fail' | 'abandon'): void {
    const [call] = this.calls.splice(nth, 1)
    if (!call?.live) return
    if (how === 'abandon') {
      if (this.state === 'half-open') this.toBegin++
    } else if (how === 'succeed') {
      this.inARow = 0
      if (this.state === 'half-open' && --this.toSucceed === 0) this.turn('closed')
    } else if (this.state === 'half-open' || ++this.inARow >= this.failures) this.turn('open')
    this.serve()
  }
}

it('BreakerState agrees with a breaker in so many words', async () => {
  const plan = fc.record({
    failures: fc.integer({ min: 1, max: 3 }),
    trials: fc.integer({ min: 1, max: 2 }),
    ops: fc.array(op, { maxLength: 60, size: 'max' }),
  })
  await fc.assert(
    fc.asyncProperty(plan, async ({ failures, trials, ops }) => {
      vi.clearAllTimers()
      const changes: CircuitState[] = []
      const breaker = new BreakerState(
        {
          failures,
          trials,
          resetAfter: RESET,
          when: error => error !== 'harmless',
          onStateChange: state => void changes.push(state),
        },
        'wait',
      )
      const model = new Model(failures, trials)
      const calls: { readonly name: string; readonly ticket: number }[] = []
      const giveUps: { readonly name: string; readonly giveUp: () => void }[] = []
      let names = 0
      for (const step of ops) {
        const name = `call ${names++}`
        if (step.do === 'enter') {
          const ticket = breaker.tryEnter()
          const admitted = model.waiters.length === 0 && model.admits()
          expect(ticket > 0).toBe(admitted)
          if (admitted) {
            model.begin(name)
            calls.push({ name, ticket })
          }
        } else if (step.do === 'wait') {
          // Only who was refused waits.
          const ticket = breaker.tryEnter()
          if (ticket > 0) {
            model.admits()
            model.begin(name)
            calls.push({ name, ticket })
            continue
          }
          model.admits()
          model.waiters.push(name)
          const giveUp = breaker.enter(ticket => void calls.push({ name, ticket }))
          giveUps.push({ name, giveUp })
        } else if (step.do === 'giveUp') {
          const at = giveUps.findIndex(waiter => model.waiters.includes(waiter.name))
          if (at < 0) continue
          const [waiter] = giveUps.splice(at, 1)
          waiter?.giveUp()
          model.waiters.splice(model.waiters.indexOf(waiter?.name as string), 1)
        } else if (step.do === 'pass') {
          const until = performance.now() + step.ms
          // The model has no timer: whoever waits comes in at the moment at which it may.
          if (model.state === 'open' && model.waiters.length > 0 && model.openUntil <= until) {
            await vi.advanceTimersByTimeAsync(model.openUntil - performance.now())
            model.serve()
          }
          await vi.advanceTimersByTimeAsync(until - performance.now())
        } else if (calls.length > 0) {
          const at = step.nth % calls.length
          const { name: ending, ticket } = calls[at] as (typeof calls)[number]
          const nth = model.calls.findIndex(call => call.name === ending)
          calls.splice(at, 1)
          if (step.do === 'succeed') breaker.succeeded(ticket)
          else if (step.do === 'abandon') breaker.abandoned(ticket)
          else breaker.failed(ticket, step.do === 'fail' ? new Error('down') : 'harmless')
          model.end(nth, step.do === 'harmless' ? 'succeed' : step.do)
        }
        await Promise.resolve()
        expect(calls.map(call => call.name)).toEqual(model.calls.map(call => call.name))
        expect(changes).toEqual(model.changes)
        expect(breaker.waiting).toBe(model.waiters.length)
        const due = model.state === 'open' && performance.now() >= model.openUntil
        expect(breaker.state).toBe(due ? 'half-open' : model.state)
        if (model.state === 'closed') expect(breaker.failures).toBe(model.inARow)
        // A timer runs only for those who wait for the end of a spell.
        expect(vi.getTimerCount()).toBe(model.state === 'open' && model.waiters.length > 0 ? 1 : 0)
      }
    }),
    { numRuns: runs(1_000) },
  )
})
