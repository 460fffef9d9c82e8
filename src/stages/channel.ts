import type { PushPort } from '../engine/port.ts'
import { lineOf, type NoPriority, type PriorityOptions } from '../engine/priority-line.ts'
import { coreOf } from '../engine/stage-core.ts'
import { passOn } from '../engine/step.ts'
import type { OfferOptions } from '../engine/waiting-room.ts'
import { equip, FusedStage, type StageOptions } from '../fused-stage.ts'
import { checkDelay, checkOptions, checkSignal } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import { toPushStrategy } from '../policies/overflow/overflow.ts'
import type { Stage } from '../stage.ts'
import type { StageStrategy } from '../strategy.ts'

/** Options of {@link channel}: those of any stage, and what goes first. */
export type ChannelOptions<T> = Omit<StageOptions<T>, 'strategy'> & (PriorityOptions<T> | NoPriority)

/** Limits of one `send`. */
export interface SendOptions extends OfferOptions {}

/**
 * The identity stage with a push side, for code that is not a stream: an HTTP handler, an event callback. It is a
 * stage like any other too: flows can be piped into it, and its `readable` is a Flow. Made by {@link channel}.
 */
export interface Channel<T> extends Stage<T, T> {
  /**
   * Takes the item or not, at once: true if it is in. Where the strategy would wait (`block`, `timeout`), an item
   * that finds no room has not arrived: it is not counted.
   */
  trySend(item: T): boolean
  /**
   * Answers as the strategy says: resolves with true once the item is in, with false if it was dropped; rejects with
   * `QueueFullError`, with `QueueTimeoutError` after the strategy's or its own `timeout`, with the `signal`'s reason,
   * or with why the channel is closed.
   */
  send(item: T, options?: SendOptions): Promise<boolean>
  /** No more items; settles once those inside are through. Closing a closed channel is fine. */
  close(): Promise<void>
  /** Discards what is inside; readers and writers get the reason. */
  abort(reason?: unknown): Promise<void>
  /** Weight of the items in the inbox: their number, unless the strategy has a `size`. */
  readonly size: number
  /** What the inbox holds at the most. */
  readonly capacity: number
  /** Part of the capacity in use, from 0 to 1. */
  readonly utilization: number
}

/**
 * A bounded queue between code that pushes and a stream that is read.
 *
 * - **Emits** each item it took, in order; with a `priority` the highest first. **Holds** what the strategy allows, and
 *   answers overload as it says.
 * - **On error** of `priority`, which must give a finite number: that very error, behind what is in the inbox.
 *
 * @throws {RangeError} The strategy's capacity is not positive, or `ageing` is not above 0.
 * @throws {TypeError} `evict` with `block`, or with `reject` or `timeout` and no `onReject`.
 * @example
 * ```ts
 * const queue = channel<number>(reject(2))
 * const taken = [1, 2, 3].map(n => queue.trySend(n)) // => [true, true, false]
 * queue.close()
 * await toArray(queue.readable) // => [1, 2]
 * ```
 */
export function channel<T>(strategy: StageStrategy<T>, options: ChannelOptions<T> = {}): Channel<T> {
  const push = toPushStrategy('channel', strategy)
  checkOptions('channel', options)
  const stage = equip(
    Object.create(FusedStage.prototype) as Channel<T>,
    'channel',
    { step: { apply: passOn }, line: lineOf<T>('channel', options) },
    { ...options, strategy: push },
  )
  const { intake, outlet } = coreOf<T, T>(stage) as unknown as {
    intake: PushPort<T>
    outlet: { open(): void }
  }
  let closed: Promise<void> | undefined
  const { inbox } = intake
  return Object.defineProperties(stage, {
    trySend: { value: (item: T) => intake.tryOffer(item) },
    send: {
      value: (item: T, limits?: SendOptions) => {
        if (!limits) return intake.offer(item)
        try {
          checkOptions('send', limits)
          checkSignal('send: signal', limits.signal)
          if (limits.timeout !== undefined) checkDelay('send: timeout', limits.timeout)
        } catch (error) {
          return Promise.reject(error)
        }
        return intake.offer(item, limits)
      },
    },
    close: {
      value: () => {
        if (!closed) {
          closed = intake.close()
          closed.catch(noop)
        }
        return closed
      },
    },
    abort: {
      value: (reason?: unknown) => {
        outlet.open()
        return Promise.resolve(intake.abort(reason, true))
      },
    },
    size: { get: () => inbox.weight },
    capacity: { get: () => inbox.capacity },
    utilization: {
      get: () => (inbox.capacity === Infinity ? 0 : Math.min(1, inbox.weight / inbox.capacity)),
    },
  })
}
