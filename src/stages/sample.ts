import { LatestOperator } from '../engine/latest-operator.ts'
import type { LossyOptions } from '../engine/lossy-options.ts'
import { SampleOperator } from '../engine/sample-operator.ts'
import { coreOf } from '../engine/stage-core.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkFunction, checkOptions, show } from '../internal/check.ts'
import { checkPeriod } from '../internal/check-period.ts'
import { block } from '../policies/overflow/block.ts'
import type { Stage } from '../stage.ts'

/** The latest item at each tick. */
export interface SampleTicks<I> extends LossyOptions<I, 'sample'> {
  /** Milliseconds from one tick to the next, at least 1. */
  readonly interval: number
  readonly rate?: never
}

/** A part of the items. */
export interface SamplePart<I> extends LossyOptions<I, 'sample'> {
  /** The part of the items that is kept, from 0 to 1. */
  readonly rate: number
  /**
   * `always`, or only under `pressure`: while the stage's inbox is fuller than `above`, until it is down to
   * `below`. The inbox is then `block(16)`, unless `strategy` says something else, with a bound. Default: `always`.
   */
  readonly when?: 'always' | 'pressure'
  /** Part of the inbox's capacity above which pressure begins, from 0 to 1. Default: 0.8. */
  readonly above?: number
  /** Part of the inbox's capacity at which pressure ends, from 0 to `above`. Default: half of `above`. */
  readonly below?: number
  /**
   * Gives a number from 0 to 1, such as `Math.random`; an item is kept if it is below `rate`. Default: items are kept at
   * even distances, the first one among them.
   */
  readonly random?: () => number
  readonly interval?: never
}

/** Options of {@link sample}: by time, or a part of all items. */
export type SampleOptions<I> = SampleTicks<I> | SamplePart<I>

/**
 * Gives the latest item at each tick, or a part of all items.
 *
 * With `interval`:
 * - **Emits** at each multiple of `interval` from when it is first read the latest item that has come since the one
 *   before; nothing when none has, and no timer runs then. An item that downstream could not take at its tick goes, or the
 *   one that has come in its place, as soon as it can. At the end of input, what is kept back comes out at once.
 * - **Holds** the latest item. **Waits** for nothing: its source goes on while downstream is full.
 * - **On error, cancel or abort** discards the item whose time has not come.
 *
 * With `rate`:
 * - **Emits** the part `rate` of the items that come, of any `n` in a row `n * rate` to within one, or as `random` says;
 *   with `when: 'pressure'` every item while there is none.
 * - **Holds** nothing but its inbox; **waits** while downstream is full.
 * - **On error** of `random` or `onDrop`: that very error.
 *
 * What is left out is counted as `dropped` and seen by `onDrop` with the reason `'sample'`.
 *
 * @throws {TypeError} The inbox that is to be under pressure has no bound.
 * @throws {RangeError} `interval` is below 1, or `rate`, `above` or `below` is not from 0 to 1.
 * @example
 * ```ts
 * await toArray(range(0, 10).pipeThrough(sample({ rate: 0.25 }))) // => [0, 4, 8]
 * await toArray(range(0, 10).pipeThrough(sample(60_000))) // => [9]
 * ```
 */
export function sample<I>(interval: number, options?: Omit<SampleTicks<I>, 'interval' | 'rate'>): Stage<I, I>
export function sample<I>(options: SampleOptions<I>): Stage<I, I>
export function sample<I>(
  first: number | SampleOptions<I>,
  rest: Omit<SampleTicks<I>, 'interval' | 'rate'> = {},
): Stage<I, I> {
  if (first === undefined)
    throw new TypeError('sample: options must be { interval } or { rate }, received undefined')
  checkOptions('sample', rest)
  const options: SampleOptions<I> =
    typeof first === 'object' && first !== null ? first : { ...rest, interval: first }
  const { interval, rate } = options
  if (interval !== undefined && rate !== undefined)
    throw new TypeError('sample: interval and rate exclude each other, received both')
  return rate === undefined ? ticks(options as SampleTicks<I>) : part(options as SamplePart<I>)
}

function ticks<I>(options: SampleTicks<I>): Stage<I, I> {
  const { interval, onDrop } = options
  checkPeriod('sample: interval', interval)
  return stageOf<I, I>(
    'sample',
    {
      create: down =>
        new LatestOperator<I>(
          down,
          (_, { start, since }) => start + (Math.floor((since - start) / interval) + 1) * interval,
          item => onDrop?.(item, 'sample'),
        ),
    },
    options as StageOptions<I>,
  )
}

function part<I>(options: SamplePart<I>): Stage<I, I> {
  const { rate, when = 'always', above = 0.8, below = above / 2, random, onDrop } = options
  checkPart('sample: rate', rate, 1)
  checkPart('sample: above', above, 1)
  checkPart('sample: below', below, above)
  if (when !== 'always' && when !== 'pressure')
    throw new TypeError(`sample: when must be 'always' or 'pressure', received ${show(when)}`)
  if (random !== undefined) checkFunction('sample: random', random)
  const { strategy = when === 'pressure' ? block<I>(16) : undefined } = options
  let came = 0
  let kept = 0
  const evenly = (): boolean => {
    const keep = kept < ++came * rate
    if (keep) kept++
    return keep
  }
  let thins = false
  const pressed = (): boolean => {
    const { weight, capacity } = inbox()
    const full = weight / capacity
    thins = full > above || (thins && full > below)
    return thins
  }
  const stage = stageOf<I, I>(
    'sample',
    {
      create: down =>
        new SampleOperator<I>(
          down,
          random ? () => random() < rate : evenly,
          when === 'always' ? () => true : pressed,
          item => onDrop?.(item, 'sample'),
        ),
    },
    { ...options, strategy } as StageOptions<I>,
  )
  const { intake } = coreOf(stage) as NonNullable<ReturnType<typeof coreOf<I, I>>>
  const inbox = () => intake.inbox
  if (when === 'pressure' && intake.inbox.capacity === Infinity) {
    const error = new TypeError("sample: when: 'pressure' needs a strategy with a bound, such as block(16)")
    // What the strategy holds on to is let go of: nobody gets this stage.
    intake.abort(error, true)
    throw error
  }
  return stage
}

/** Throws unless `value` is a number from 0 to `max`. */
function checkPart(where: string, value: unknown, max: number): void {
  if (typeof value !== 'number') throw new TypeError(`${where} must be a number, received ${show(value)}`)
  if (!(value >= 0 && value <= max))
    throw new RangeError(`${where} must be from 0 to ${max}, received ${value}`)
}
