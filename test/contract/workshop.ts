import fc from 'fast-check'
import { filter, flatMap, forEach, type ItemContext, map, type Stage, sink, tap } from 'sluice'
import { type Outcome, outcome, settle } from './probe.ts'

/** Settles a promise by running the scheduler's tasks one by one; 'pending' when nothing moves any more. */
export async function drive<T>(s: fc.Scheduler, promise: PromiseLike<T>): Promise<Outcome<T> | 'pending'> {
  let result: Outcome<T> | undefined
  outcome(promise).then(ended => {
    result = ended
  })
  for (let idle = 0; !result && idle < 6; ) {
    if (s.count() > 0) {
      idle = 0
      await s.waitNext(1)
    } else {
      idle++
      await settle(1)
    }
  }
  return result ?? 'pending'
}

/** Runs what is left, so that late results show what they do. */
export async function exhaust(s: fc.Scheduler): Promise<void> {
  await drive(s, new Promise(() => {}))
}

/** An asynchronous function whose calls end in the order that the scheduler chooses, and what can be seen of it. */
export class Workshop {
  readonly started: number[] = []
  readonly finished: number[] = []
  readonly signals = new Map<number, AbortSignal>()
  /** What has come out behind the stage. */
  readonly given: number[] = []
  active = 0
  maxActive = 0
  /** Items inside the stage at the most: started and not yet given on. */
  maxInside = 0
  /** How many items were started when the first one failed. */
  startedAtFailure: number | undefined
  readonly #s: fc.Scheduler
  readonly #failing: ReadonlyMap<number, unknown>

  constructor(s: fc.Scheduler, failing: ReadonlyMap<number, unknown> = new Map()) {
    this.#s = s
    this.#failing = failing
  }

  readonly work = (item: number, { signal }: ItemContext): Promise<number> => {
    this.started.push(item)
    this.signals.set(item, signal)
    this.maxActive = Math.max(this.maxActive, ++this.active)
    this.maxInside = Math.max(this.maxInside, this.started.length - this.given.length)
    return this.#s.schedule(Promise.resolve()).then(() => {
      this.active--
      this.finished.push(item)
      if (this.#failing.has(item)) {
        this.startedAtFailure ??= this.started.length
        throw this.#failing.get(item)
      }
      return item
    })
  }

  readonly give = (item: number): void => {
    this.given.push(item)
  }

  /** Items that were at work when the end came. */
  get unfinished(): number[] {
    return this.started.filter(item => !this.finished.includes(item))
  }
}

export interface Shape {
  readonly stage: 'map' | 'filter' | 'tap' | 'flatMap'
  readonly concurrency: number
  readonly ordered: boolean
}

export const shapes: fc.Arbitrary<Shape> = fc.record({
  stage: fc.constantFrom('map', 'filter', 'tap', 'flatMap'),
  concurrency: fc.integer({ min: 1, max: 5 }),
  ordered: fc.boolean(),
})

/** A stage that lets every item through once the workshop has finished with it. */
export function staged({ stage, concurrency, ordered }: Shape, shop: Workshop): Stage<number, number> {
  const options = { concurrency, ordered }
  switch (stage) {
    case 'map':
      return map(shop.work, options)
    case 'filter':
      return filter((item: number, context) => shop.work(item, context).then(() => true), options)
    case 'tap':
      return tap(shop.work, options)
    default:
      return flatMap((item: number, context) => shop.work(item, context).then(n => [n]), options)
  }
}

/** The ends of a pipeline whose function may be asynchronous. */
export const ENDS = {
  forEach: (stream: ReadableStream<number>, shop: Workshop, concurrency: number, signal?: AbortSignal) =>
    forEach(stream, shop.work, { concurrency, ...(signal && { signal }) }),
  'sink, fused': (
    stream: ReadableStream<number>,
    shop: Workshop,
    concurrency: number,
    signal?: AbortSignal,
  ) => stream.pipeTo(sink(shop.work, { concurrency }), signal && { signal }),
  'sink, native': (
    stream: ReadableStream<number>,
    shop: Workshop,
    concurrency: number,
    signal?: AbortSignal,
  ) =>
    ReadableStream.prototype.pipeTo.call(
      stream,
      sink(shop.work, { concurrency }) as WritableStream<unknown>,
      signal && { signal },
    ),
}
