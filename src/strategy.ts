import { show } from './internal/check.ts'

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

/** Where a strategy keeps the function that makes a stage's port: what it does comes with it, and with nothing else. */
export const PORT = Symbol('port')

/** How much is held, and what becomes of the rest. */
export interface QueueStrategy<T = unknown> extends QueuingStrategy<T> {
  readonly mode: OverflowMode
  readonly highWaterMark: number
  /** Weight of an item; absent: each item weighs 1. */
  readonly size?: (item: T) => number
  /** `timeout` only: how long an item may wait for room, in milliseconds. */
  readonly timeout?: number
}

/**
 * A `QueuingStrategy` (Streams Standard, section 7) that also says what happens when the inbox is full: made by `block`,
 * `dropNewest`, `dropOldest`, `reject`, `timeout` and `spill`. It can be given to platform streams too: they read
 * `highWaterMark` and `size` and ignore the rest.
 */
export interface Strategy<T = unknown> extends QueueStrategy<T> {
  readonly [PORT]: unknown
}

/** What a stage's `strategy` option accepts; a platform strategy means `block`. */
export type StageStrategy<T> = Strategy<T> | (QueuingStrategy<T> & { readonly mode?: never })

/** Reads any queuing strategy as one of ours; `where` names the stage in errors. */
export function toStrategy<T>(where: string, strategy: StageStrategy<T>): QueueStrategy<T> {
  checkStrategy(where, strategy)
  const { [PORT]: port, mode, highWaterMark, size } = strategy as Partial<Strategy<T>>
  if (port && Object.isFrozen(strategy)) return strategy as Strategy<T>
  if (mode !== undefined && !port) {
    throw new TypeError(
      `${where}: unknown overflow mode ${show(mode)}; use a function such as dropOldest(16), of the same copy of sluice`,
    )
  }
  // A copy of one of ours keeps what it can do.
  return {
    ...(port ? strategy : {}),
    ...queueStrategy(where, mode ?? 'block', Number(highWaterMark ?? 1), size),
  }
}

/** Throws unless `strategy` is an object. */
export function checkStrategy(where: string, strategy: unknown): void {
  if (typeof strategy === 'object' && strategy !== null) return
  throw new TypeError(
    `${where}: strategy must be a QueuingStrategy such as block(16), received ${show(strategy)}`,
  )
}

/** Throws unless there can be an inbox of this capacity. */
export function queueStrategy<T>(
  where: string,
  mode: OverflowMode,
  highWaterMark: number,
  size: QueueStrategy<T>['size'],
): QueueStrategy<T> {
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
  return counts ? { mode, highWaterMark } : { mode, highWaterMark, size }
}
