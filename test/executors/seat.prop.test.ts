import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Link, LinkEvents } from '../../src/executors/link.ts'
import type { Attach, RunMessage } from '../../src/executors/messages.ts'
import { runs } from '../setup/runs.ts'
import { FakePlace, FakeWorker, fakeBatch, fakeSeat, GRACE, settle } from './fake-place.ts'

/** Workers that begin when they are told to, or do not. */
class SlowPlace extends FakePlace {
  begin: ((dies: boolean) => void) | undefined

  override start(_attach: Attach, events: LinkEvents): Promise<Link> {
    return new Promise((resolve, reject) => {
      this.begin = dies => {
        this.begin = undefined
        if (dies) {
          // Killed by somebody: it is tried again.
          reject({ reason: new Error('killed'), killed: true })
          return
        }
        const worker = new FakeWorker(events)
        this.workers.push(worker)
        resolve(worker)
      }
    })
  }
}

/** What the worker of a seat has been given and not finished, as the worker sees it. */
class Sim {
  readonly worker: FakeWorker
  readonly done = new Map<number, Set<number>>()

  constructor(worker: FakeWorker) {
    this.worker = worker
  }

  get open(): RunMessage[] {
    return this.worker.runs.filter(run => !this.done.has(run.id) || this.#left(run) > 0)
  }

  #left(run: RunMessage): number {
    return run.items.length - (this.done.get(run.id)?.size ?? 0)
  }

  /** Works on the batch at `at`, up to `most` items; `how` says what becomes of them. */
  work(at: number, most: number, how: 'values' | 'late' | 'unstarted'): void {
    const run = this.open[at % Math.max(1, this.open.length)]
    if (!run) return
    const done = this.done.get(run.id) ?? new Set()
    this.done.set(run.id, done)
    const ats = run.items.flatMap((_, place) => (done.has(place) ? [] : [place])).slice(0, most)
    for (const place of ats) done.add(place)
    const end = this.#left(run) === 0
    if (how === 'values') this.worker.out(run.id, { ats, values: ats }, end)
    else this.worker.out(run.id, { [how]: ats }, end)
  }

  /** Which items it is at: of the first batch, or of all. */
  note(how: 'running' | 'pending' | 'nothing'): void {
    const open = this.open.flatMap(run =>
      run.items.flatMap((_, place) => (this.done.get(run.id)?.has(place) ? [] : [run.serial + place])),
    )
    this.worker.seen = {
      current: how === 'running' ? open[0] : undefined,
      pending: how === 'pending' ? open.slice(0, 4) : [],
    }
  }
}

const actions = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      items: fc.integer({ min: 1, max: 5 }),
      keyed: fc.boolean(),
      timed: fc.boolean(),
      uncloneable: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const), dies: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      at: fc.nat(3),
      most: fc.integer({ min: 1, max: 5 }),
      how: fc.constantFrom('values' as const, 'values' as const, 'late' as const, 'unstarted' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('note' as const),
      how: fc.constantFrom('running' as const, 'pending' as const, 'nothing' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('exit' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stuck' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retire' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ended' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 60, GRACE + 1) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
)

describe('a seat', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('says once of each item what became of it, and comes to an end, whatever its workers do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(actions, { maxLength: 60 }),
        fc.constantFrom(Infinity, 1, 6),
        async (plan, recycleAfter) => {
          vi.clearAllTimers()
          const place = new SlowPlace()
          const seat = fakeSeat(place, { recycleAfter })
          const sims = new Map<FakeWorker, Sim>()
          const sim = (): Sim | undefined => {
            const { worker } = place
            if (!worker || worker.gone) return undefined
            const found = sims.get(worker) ?? new Sim(worker)
            sims.set(worker, found)
            return found
          }
          const batches: {
            readonly controller: AbortController
            readonly counts: number[]
            settled: boolean
            broken: boolean
            readonly run: Promise<unknown>
          }[] = []
          const step = async (action: (typeof plan)[number]): Promise<void> => {
            const now = sim()
            switch (action.do) {
              case 'run': {
                const controller = new AbortController()
                const items = Array.from({ length: action.items }, (_, at) =>
                  action.uncloneable ? () => at : at,
                )
                const counts = items.map(() => 0)
                const batch = fakeBatch(items, {
                  signal: controller.signal,
                  keys: action.keyed ? items.map(() => 1) : undefined,
                  timeout: action.timed ? 50 : undefined,
                  report(at) {
                    counts[at] = (counts[at] as number) + 1
                  },
                })
                const entry = { controller, counts, settled: false, broken: false, run: seat.run(batch) }
                entry.run.then(
                  () => {
                    entry.settled = true
                  },
                  () => {
                    entry.settled = entry.broken = true
                  },
                )
                batches.push(entry)
                break
              }
              case 'begin':
                place.begin?.(action.dies)
                break
              case 'work':
                now?.work(action.at, action.most, action.how)
                break
              case 'note':
                now?.note(action.how)
                break
              case 'exit':
                now?.worker.exit()
                break
              case 'stuck':
                now?.worker.stuck()
                break
              case 'abort':
                batches[action.at]?.controller.abort()
                break
              case 'retire':
                seat.retire()
                break
              case 'ended':
                if (now?.worker.posted.at(-1)?.type === 'end') now.worker.ended()
                break
              case 'wait':
                await vi.advanceTimersByTimeAsync(action.ms)
                seat.watch(action.ms)
                break
              case 'turn':
                await settle()
            }
          }
          for (const action of plan) await step(action)

          let closed = false
          const close = seat.close().then(() => {
            closed = true
          })
          // From here on all goes well.
          for (let turn = 0; turn < 50 && !closed; turn++) {
            await settle()
            place.begin?.(false)
            await settle()
            const now = sim()
            now?.note('nothing')
            while (now && now.open.length > 0) now.work(0, 9, 'values')
            await settle()
            if (sim()?.worker.posted.at(-1)?.type === 'end') sim()?.worker.ended()
          }
          await settle()
          expect(closed).toBe(true)
          await close
          await settle()
          for (const { controller, counts, settled, broken } of batches) {
            expect(settled).toBe(true)
            for (const count of counts) {
              // Workers that die again and again before any item break a batch.
              if (controller.signal.aborted || broken) expect(count).toBeLessThanOrEqual(1)
              else expect(count).toBe(1)
            }
          }
          expect(place.workers.every(worker => worker.gone)).toBe(true)
          expect(place.closed).toBe(1)
          expect(vi.getTimerCount()).toBe(0)
          expect(seat.stats).toMatchObject({ state: 'cold', inFlight: 0 })
        },
      ),
      { numRuns: runs(300) },
    )
  })
})
