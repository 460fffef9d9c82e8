import {
  batch,
  block,
  buffer,
  circuitBreaker,
  compose,
  debounce,
  distinct,
  drop,
  dropNewest,
  dropOldest,
  dropWhile,
  filter,
  flatMap,
  keepAlive,
  map,
  reject,
  Stage,
  type StageStats,
  type StageStrategy,
  sample,
  scan,
  spill,
  take,
  takeWhile,
  tap,
  throttleLatest,
  timeout,
  transform,
  window,
} from 'sluice'
import { MemoryStore } from '../policies/spill/memory-store.ts'

/** Whatever travels through a random chain. */
export type Item = unknown

/** A stage of a random chain. */
export interface Spec {
  readonly kind: string
  readonly mode: 'none' | 'block' | 'dropNewest' | 'dropOldest' | 'reject' | 'timeout' | 'spill'
  readonly capacity: number
  readonly weighed: boolean
  readonly routed: boolean
  readonly concurrency: number
  readonly ordered: boolean
  /** A small number that means something else to each kind. */
  readonly n: number
  /** The call of the stage's function that throws; 0: none. */
  readonly throwsAt: number
}

/** A function's work that has begun and not ended. */
interface Job {
  resolve(): void
  reject(error: unknown): void
}

/** What the stages' functions share with the test. */
export interface World {
  readonly jobs: Job[]
  /** Called from inside the functions. */
  check(): void
}

interface Tools {
  readonly spec: Spec
  readonly options: {
    readonly strategy?: StageStrategy<Item>
    readonly concurrency: number
    readonly ordered: boolean
  }
  /** Counts a call of the stage's function, and throws where the spec says so. */
  call(): void
  /** A stream whose writes settle when the test says so. */
  dead(): WritableStream
  /** Gives `value` when the test says so. */
  later<T>(value: T): Promise<T>
}

const numberOf = (item: Item): number => (Array.isArray(item) ? item.length : Number(item))

const mapEither = ({ options, call, later }: Tools) =>
  map((item: Item) => (call(), numberOf(item) % 2 ? later(item) : item), options)

const KINDS: Record<string, (tools: Tools) => Stage<Item, unknown>> = {
  map: ({ options, call }: Tools) => map((item: Item) => (call(), item), { ...options, concurrency: 1 }),
  mapAsync: ({ options, call, later }: Tools) => map((item: Item) => (call(), later(item)), options),
  mapEither,
  filter: ({ options, call }: Tools) => filter((item: Item) => (call(), numberOf(item) % 2 === 0), options),
  filterAsync: ({ options, call, later }: Tools) =>
    filter((item: Item) => (call(), later(numberOf(item) % 2 === 0)), options),
  mapRetried: ({ options, call, later, spec }: Tools) =>
    map((item: Item) => (call(), later(item)), {
      ...options,
      retry: { attempts: 3, delay: 2 },
      onError: spec.n % 2 ? 'skip' : (_error, failed) => failed,
      timeout: 4,
    }),
  filterSkipping: ({ options, call, spec }: Tools) =>
    filter((item: Item) => (call(), numberOf(item) % (spec.n + 1) === 0), { ...options, onError: 'skip' }),
  mapDead: ({ options, call, later, dead }: Tools) =>
    map((item: Item) => (call(), later(item)), { ...options, timeout: 3, deadLetter: dead() }),
  mapBroken: ({ options, call, later, dead, spec }: Tools) =>
    map((item: Item) => (call(), later(item)), {
      ...options,
      timeout: 3,
      onError: 'skip',
      breaker: circuitBreaker({
        failures: 1 + spec.n,
        resetAfter: 2,
        whileOpen: (['fail', 'wait', { divert: dead() }] as const)[spec.n % 3] ?? 'fail',
      }),
    }),
  flatMapRetried: ({ options, call, later, spec }: Tools) =>
    flatMap(
      async function* (item: Item) {
        call()
        yield await later(item)
        if (spec.n > 1) call()
        yield item
      },
      { ...options, retry: { attempts: 2, delay: 1 }, onError: 'skip', timeout: 4 },
    ),
  flatMap: ({ options, call, spec }: Tools) =>
    flatMap((item: Item) => (call(), Array.from({ length: spec.n }, () => item)), options),
  flatMapAsync: ({ options, call, later, spec }: Tools) =>
    flatMap((item: Item) => (call(), later(Array.from({ length: spec.n }, () => item))), options),
  flatMapSet: ({ options, call, spec }: Tools) =>
    flatMap((item: Item) => (call(), new Set(Array.from({ length: spec.n }, (_, i) => [item, i]))), options),
  take: ({ options, spec }: Tools) => take<Item>(spec.n + 1, options),
  drop: ({ options, spec }: Tools) => drop<Item>(spec.n, options),
  takeWhile: ({ options, call }: Tools) => takeWhile((item: Item) => (call(), numberOf(item) < 12), options),
  dropWhile: ({ options, call, spec }: Tools) =>
    dropWhile((item: Item) => (call(), numberOf(item) < spec.n), options),
  scan: ({ options, call }: Tools) =>
    scan((sum: number, item: Item) => (call(), sum + numberOf(item)), 0, options),
  tap: ({ options, call, later }: Tools) => tap((item: Item) => (call(), later(item)), options),
  batch: ({ options, spec }: Tools) => batch<Item>(spec.n + 1, { ...options, maxWait: 2 }),
  batchWeighed: ({ options, spec, call }: Tools) =>
    batch<Item>(spec.n + 1, { ...options, weigh: item => (call(), numberOf(item) % 3) }),
  distinct: ({ options, call }: Tools) =>
    distinct((item: Item) => (call(), numberOf(item) % 5), { ...options, max: 9 }),
  buffer: ({ options }: Tools) => buffer<Item>(options.strategy ?? block(2)),
  prioritized: ({ options, spec }: Tools) =>
    buffer<Item>(options.strategy ?? block(2), {
      ...options,
      priority: item => numberOf(item) % (spec.n + 1),
      ageing: 2,
    }),
  transform: ({ options, call, spec }: Tools) =>
    transform<Item, Item>(
      {
        transform(item, controller) {
          call()
          for (let i = 0; i < spec.n; i++) controller.enqueue(item)
        },
      },
      options,
    ),
  transformAsync: ({ options, call, later }: Tools) =>
    transform<Item, Item>(
      {
        async transform(item, controller) {
          call()
          controller.enqueue(await later(item))
        },
      },
      options,
    ),
  compose: (tools: Tools) =>
    compose(
      mapEither(tools),
      filter((item: Item) => numberOf(item) % 3 !== 0),
    ),
  debounce: ({ options, spec }: Tools) => debounce<Item>(spec.n, { ...options, maxWait: 4 }),
  throttleLatest: ({ options, spec }: Tools) => throttleLatest<Item>(spec.n + 1, options),
  sampleTicks: ({ options, spec }: Tools) => sample<Item>(spec.n + 1, options),
  sampleRate: ({ options, spec, call }: Tools) =>
    sample<Item>({ ...options, rate: 0.5, random: () => (call(), spec.n / 4) }),
  samplePressure: ({ options, spec }: Tools) =>
    sample<Item>({ ...options, rate: spec.n / 3, when: 'pressure', above: 0.5 }),
  keepAlive: ({ options, spec }: Tools) => keepAlive<Item>(spec.n + 1, () => 1, options),
  windows: ({ options, spec }: Tools) =>
    compose(
      window<Item>({ ...options, size: spec.n + 1, time: 2 }),
      flatMap(items => (spec.n === 0 ? items.pipeThrough(take(0)) : items)),
    ),
  native: ({ call, spec }: Tools) =>
    new Stage<Item, Item>(
      {
        transform(item, controller) {
          call()
          for (let i = 0; i < spec.n; i++) controller.enqueue(item)
        },
      },
      new CountQueuingStrategy({ highWaterMark: spec.capacity }),
    ),
  nativeAsync: ({ call, later }: Tools) =>
    new Stage<Item, Item>({
      async transform(item, controller) {
        call()
        controller.enqueue(await later(item))
      },
    }),
  nativeWithMode: ({ options, call }: Tools) =>
    new Stage<Item, Item>(
      {
        transform(item, controller) {
          call()
          controller.enqueue(item)
        },
      },
      options.strategy,
    ),
}

export const kinds: readonly string[] = Object.keys(KINDS)

const MODES = {
  block,
  dropNewest,
  dropOldest,
  reject,
  timeout: (c: Parameters<typeof block<Item>>[0]) => timeout(c, 3),
  spill: (c: Parameters<typeof block<Item>>[0]) =>
    spill<Item>(new MemoryStore(), { memory: typeof c === 'number' ? c : c.highWaterMark }),
}

/** A stage as a spec says. */
export function build(spec: Spec, world: World): { stage: Stage<Item, Item>; calls: () => number } {
  const { mode, capacity, weighed, routed, concurrency, ordered, throwsAt } = spec
  let calls = 0
  const size = weighed ? { highWaterMark: capacity, size: (item: Item) => numberOf(item) % 4 } : capacity
  const options = {
    concurrency,
    ordered,
    onDrop: world.check,
    ...(mode !== 'none' && { strategy: MODES[mode]<Item>(size) }),
    ...(routed && { onReject: world.check }),
  }
  const tools: Tools = {
    spec,
    options,
    call() {
      world.check()
      if (++calls === throwsAt) throw new Error('thrown by a stage')
    },
    dead: () => new WritableStream({ write: () => tools.later(undefined) }),
    later: <T>(value: T) =>
      new Promise<T>((yes, reject) => world.jobs.push({ resolve: () => yes(value), reject })),
  }
  const stage = KINDS[spec.kind]?.(tools) as Stage<Item, Item>
  return { stage, calls: () => calls }
}

/** The law of contract 4; throws with the figures where it does not hold. */
export function checkLaw(stats: StageStats): void {
  const { received, queued, inFlight, done, failed, dropped, rejected, timedOut, discarded, emitted } = stats
  const parts = [queued, inFlight, done, failed, dropped, rejected, timedOut, discarded]
  const natural = [received, emitted, ...parts].every(part => Number.isSafeInteger(part) && part >= 0)
  const { utilization } = stats
  if (natural && received === parts.reduce((a, b) => a + b) && utilization >= 0 && utilization <= 1) return
  throw new Error(`the law is broken: ${JSON.stringify(stats)}`)
}
