import type { DropReason } from '../engine/refusals.ts'
import { type Passage, ThrottleOperator } from '../engine/throttle-operator.ts'
import { type QueueFullError, type QueueTimeoutError, RateLimitError, type SpillError } from '../errors.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction, checkInteger, checkOptions, show } from '../internal/check.ts'
import { Recent } from '../internal/recent.ts'
import { checkRate, gateOf, RateGate, type RateLimiter, type RateOptions } from '../policies/rate-limiter.ts'
import type { Stage } from '../stage.ts'

/** What a throttle does, whosever limit it keeps. */
interface ThrottleStageOptions<I> extends Omit<StageOptions<I>, 'onDrop' | 'onReject'> {
  /**
   * What becomes of an item that comes too soon: `wait` holds it back, and what is before it; `drop` leaves it out;
   * `reject` refuses it with `RateLimitError`, which fails the stage unless `onReject` takes it. Default: `wait`.
   */
  readonly mode?: 'wait' | 'drop' | 'reject'
  // Methods, so that callbacks of other stages fit: one that only knows the inbox's reasons may be given here too.
  /** Called with each item that is left out, or that the inbox drops. */
  onDrop?(item: I, reason: DropReason | 'throttle'): void
  /** Called with each item that is refused; the stage then goes on. */
  onReject?(item: I, error: RateLimitError | QueueFullError | QueueTimeoutError | SpillError): void
}

/** A limit of the stage's own, for all items or for each key. */
export interface ThrottleRate<I> extends RateOptions {
  /** Items of each key have a limit of their own. They still leave in order: one that waits holds up those behind it. */
  readonly key?: (item: I) => unknown
  /** Keys remembered at the most; the one that came longest ago is forgotten first, and begins anew. Default: 10,000. */
  readonly maxKeys?: number
  readonly limiter?: never
}

/** A limit that is kept together with others. */
export interface ThrottleShared {
  readonly limiter: RateLimiter
  readonly limit?: never
  readonly interval?: never
  readonly burst?: never
  readonly key?: never
  readonly maxKeys?: never
}

/** Options of {@link throttle}: a limit of its own, or one that is shared. */
export type ThrottleOptions<I> = ThrottleStageOptions<I> & (ThrottleRate<I> | ThrottleShared)

/**
 * Lets items pass at a limited rate: a token bucket.
 *
 * - **Emits** an item when there is a token for it: in any window of time at most `burst + limit * window / interval`.
 * - **Holds** the one item that waits; **waits** for its time, and while downstream is full. No timer runs else.
 * - **On error** of `key`, `onDrop` or `onReject`: that very error. **On cancel or abort** discards what waits.
 *
 * @throws {RangeError} `limit`, `burst` or `maxKeys` is not a positive integer, or `interval` is not above 0.
 * @example
 * ```ts
 * const first = throttle<number>({ limit: 2, interval: 60_000, burst: 2, mode: 'drop' })
 * await toArray(from([1, 2, 3, 4]).pipeThrough(first)) // => [1, 2]
 * first.stats().dropped // => 2
 * ```
 */
export function throttle<I>(options: ThrottleOptions<I>): Stage<I, I> {
  if (options === undefined)
    throw new TypeError('throttle: options must be { limit, interval }, received undefined')
  checkOptions('throttle', options)
  const { mode = 'wait', limiter, name = 'throttle', onDrop, onReject } = options
  if (mode !== 'wait' && mode !== 'drop' && mode !== 'reject') {
    throw new TypeError(`throttle: mode must be 'wait', 'drop' or 'reject', received ${show(mode)}`)
  }
  const passageOf = limiter === undefined ? ownPassage(options) : sharedPassage(limiter, options)
  const told = (item: I, { delay }: Passage): void => {
    if (mode === 'drop') onDrop?.(item, 'throttle')
    else {
      const error = new RateLimitError(name, item, delay)
      if (!onReject) throw error
      onReject(item, error)
    }
  }
  return stageOf<I, I>(
    'throttle',
    { create: down => new ThrottleOperator<I>(down, passageOf, { mode, told }) },
    options as StageOptions<I>,
  )
}

const OWN = ['limit', 'interval', 'burst', 'key', 'maxKeys'] as const satisfies (keyof ThrottleShared)[]

function sharedPassage(limiter: RateLimiter, options: ThrottleShared): () => Passage {
  const gate = gateOf(limiter)
  if (!gate) throw new TypeError(`throttle: limiter must come from rateLimiter(), received ${show(limiter)}`)
  const own = OWN.find(option => options[option] !== undefined)
  if (own) throw new TypeError(`throttle: limiter and ${own} exclude each other, received both`)
  return () => gate
}

function ownPassage<I>(options: ThrottleRate<I>): (item: I) => Passage {
  checkRate('throttle', options)
  const { key, maxKeys = 10_000 } = options
  checkInteger('throttle: maxKeys', maxKeys, 1)
  if (key === undefined) {
    const gate = new RateGate(options)
    return () => gate
  }
  checkFunction('throttle: key', key)
  const gates = new Recent<RateGate>(maxKeys)
  return item => {
    const value = key(item)
    const gate = gates.get(value) ?? new RateGate(options)
    gates.put(value, gate)
    return gate
  }
}
