import { checkDelay, show } from './internal/check.ts'

/** What a full inbox answers; see {@link Strategy}. */
export type OverflowMode = 'block' | 'dropNewest' | 'dropOldest' | 'reject' | 'timeout' | 'spill'

/** How much an inbox holds: a number of items, or a total weight with a function that weighs each item. */
export type Capacity<T> =
  | number
  | {
      /** The total weight that is held. */
      readonly highWaterMark: number
      /** The weight of an item. Default: 1. */
      readonly size?: (item: T) => number
    }

/**
 * A `QueuingStrategy` (Streams Standard, section 7) that also says what happens when the inbox is full. It can be
 * given to platform streams too: they read `highWaterMark` and `size` and ignore the rest.
 */
export interface Strategy<T = unknown> extends QueuingStrategy<T> {
  readonly mode: OverflowMode
  readonly highWaterMark: number
  /** Weight of an item; absent: each item weighs 1. */
  readonly size?: (item: T) => number
  /** `timeout` only: how long an item may wait for room, in milliseconds. */
  readonly timeout?: number
}

/** What a stage's `strategy` option accepts; a platform strategy means `block`. */
export type StageStrategy<T> = Strategy<T> | QueuingStrategy<T>

/**
 * A full inbox makes the writer wait: a pipe stops pulling, `writer.write()` stays pending. Nothing is lost.
 *
 * @param capacity Items held, or `{ highWaterMark, size }` for weighed items. An item heavier than the whole
 * capacity is taken alone, once the inbox is empty: it could never be taken otherwise.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`.
 * @example
 * ```ts
 * const stage = map((n: number) => n * 2, { strategy: block(16) })
 * stage.stats().capacity // => 16
 * ```
 */
export function block<T>(capacity: Capacity<T>): Strategy<T> {
  return make('block', capacity)
}

/**
 * A full inbox discards the item that arrives; the writer never waits. Counted as `dropped`, seen by `onDrop`.
 *
 * @param capacity Items held, or `{ highWaterMark, size }`; an item heavier than the whole capacity is dropped.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`.
 * @example
 * ```ts
 * const queue = channel<number>(dropNewest(2))
 * for (const n of [1, 2, 3]) await queue.send(n)
 * queue.close()
 * await toArray(queue.readable) // => [1, 2]
 * ```
 */
export function dropNewest<T>(capacity: Capacity<T>): Strategy<T> {
  return make('dropNewest', capacity)
}

/**
 * A full inbox discards the item that has waited longest; the writer never waits. Counted as `dropped`, seen by
 * `onDrop`.
 *
 * @param capacity Items held, or `{ highWaterMark, size }`; an item heavier than the whole capacity is dropped itself.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`.
 * @example
 * ```ts
 * const queue = channel<number>(dropOldest(2))
 * for (const n of [1, 2, 3]) await queue.send(n)
 * queue.close()
 * await toArray(queue.readable) // => [2, 3]
 * ```
 */
export function dropOldest<T>(capacity: Capacity<T>): Strategy<T> {
  return make('dropOldest', capacity)
}

/**
 * A full inbox refuses the item that arrives: `write()` rejects with `QueueFullError` and the stage goes on; a pipe
 * fails with that error unless `onReject` takes the refusals. Counted as `rejected`.
 *
 * @param capacity Items held, or `{ highWaterMark, size }`; an item heavier than the whole capacity is refused.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`.
 * @example
 * ```ts
 * const queue = channel<number>(reject(2))
 * await Promise.allSettled([1, 2, 3].map(n => queue.send(n)))
 * queue.stats().rejected // => 1
 * ```
 */
export function reject<T>(capacity: Capacity<T>): Strategy<T> {
  return make('reject', capacity)
}

/**
 * A full inbox makes the writer wait for up to `ms`, then refuses as `reject` does, with `QueueTimeoutError`.
 * Counted as `timedOut`.
 *
 * @param capacity Items held, or `{ highWaterMark, size }`.
 * @param ms How long an item may wait for room, in milliseconds.
 * @throws {RangeError} The capacity is not positive; a count is not an integer or `Infinity`; `ms` is negative.
 * @example
 * ```ts
 * const queue = channel<number>(timeout(2, 10))
 * await Promise.allSettled([1, 2, 3].map(n => queue.send(n))) // nobody reads within 10 ms
 * queue.stats().timedOut // => 1
 * ```
 */
export function timeout<T>(capacity: Capacity<T>, ms: number): Strategy<T> {
  checkDelay('timeout: ms', ms)
  return make('timeout', capacity, ms)
}

/** Where a strategy that is more than an inbox keeps the function that makes a stage's port. */
export const PORT = Symbol('port')

const MODES: readonly unknown[] = ['block', 'dropNewest', 'dropOldest', 'reject', 'timeout']

/** Reads any queuing strategy as one of ours; `where` names the stage in errors. */
export function toStrategy<T>(where: string, strategy: StageStrategy<T>): Strategy<T> {
  checkStrategy(where, strategy)
  if (PORT in strategy) return strategy as Strategy<T>
  const { mode = 'block', highWaterMark, size, timeout: ms } = strategy as Partial<Strategy<T>>
  if (!MODES.includes(mode)) throw new TypeError(`${where}: unknown overflow mode ${show(mode)}`)
  if (mode === 'timeout') checkDelay(`${where}: the strategy's timeout`, ms)
  return make(
    mode,
    { highWaterMark: Number(highWaterMark ?? 1), ...(size !== undefined && { size }) },
    ms,
    where,
  )
}

/** Throws unless `strategy` is an object. */
export function checkStrategy(where: string, strategy: unknown): void {
  if (typeof strategy === 'object' && strategy !== null) return
  throw new TypeError(
    `${where}: strategy must be a QueuingStrategy such as block(16), received ${show(strategy)}`,
  )
}

function make<T>(mode: OverflowMode, capacity: Capacity<T>, ms?: number, where: string = mode): Strategy<T> {
  const { highWaterMark, size } =
    typeof capacity === 'object' && capacity !== null ? capacity : { highWaterMark: capacity }
  if (typeof highWaterMark !== 'number') {
    throw new TypeError(
      `${where}: capacity must be a number or { highWaterMark, size }, received ${show(capacity)}`,
    )
  }
  if (size !== undefined && typeof size !== 'function') {
    throw new TypeError(`${where}: size must be a function, received ${show(size)}`)
  }
  const counts = size === undefined || size === new CountQueuingStrategy({ highWaterMark: 1 }).size
  if (!(highWaterMark > 0) || (counts && highWaterMark !== Infinity && !Number.isInteger(highWaterMark))) {
    const hint =
      highWaterMark === 0
        ? '; an inbox of 0 could never take an item: leave the strategy out for a direct hand-over'
        : ''
    throw new RangeError(
      `${where}: capacity must be ${counts ? 'a positive integer or Infinity' : 'a positive number'}, received ${highWaterMark}${hint}`,
    )
  }
  return Object.freeze({
    mode,
    highWaterMark,
    ...(counts ? {} : { size }),
    ...(ms !== undefined && { timeout: ms }),
  }) as Strategy<T>
}
