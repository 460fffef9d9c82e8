import { gated, type SourceOptions } from '../engine/gate.ts'
import { Intake } from '../engine/intake.ts'
import type { Downstream, Producer, Upstream } from '../engine/protocol.ts'
import type { DropReason } from '../engine/refusals.ts'
import { passOn } from '../engine/step.ts'
import { StepRun } from '../engine/step-run.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkFunction, checkOptions, show } from '../internal/check.ts'
import { toPushStrategy } from '../policies/overflow/overflow.ts'
import { reject } from '../policies/overflow/reject.ts'
import type { QueueStrategy, StageStrategy } from '../strategy.ts'

/** Options of {@link fromEvents}. */
export interface FromEventsOptions<E> extends SourceOptions {
  /**
   * What happens to events that come faster than they are taken. Events cannot wait, so `block` and `timeout` are
   * refused. Default: `reject(1024)`: the flow fails with `QueueFullError` rather than lose an event silently.
   */
  readonly strategy?: StageStrategy<E>
  /** Called with each event that the strategy drops. */
  readonly onDrop?: (event: E, reason: DropReason) => void
  /** For the listener: called in the capture phase. */
  readonly capture?: boolean
  /** For the listener: never calls `preventDefault()`. */
  readonly passive?: boolean
}

/**
 * The events of an EventTarget.
 *
 * - **Emits** each event. Listens from when somebody takes hold of the flow (`getReader`, a pipe to a sink, a
 *   collector) until it ends.
 * - **Holds** what its strategy says; never ends by itself: see `until`.
 * - **On cancel** removes the listener.
 *
 * @throws {TypeError} Not an EventTarget, or a strategy that would make events wait.
 * @example
 * ```ts
 * const target = new EventTarget()
 * const two = toArray(fromEvents(target, 'ping').pipeThrough(take(2)).pipeThrough(map(event => event.type)))
 * target.dispatchEvent(new Event('ping'))
 * target.dispatchEvent(new Event('ping'))
 * await two // => ['ping', 'ping']
 * ```
 */
export function fromEvents<E extends Event = Event>(
  target: EventTarget,
  type: string,
  options: FromEventsOptions<E> = {},
): Flow<E> {
  checkOptions('fromEvents', options)
  if (typeof target?.addEventListener !== 'function') {
    throw new TypeError(`fromEvents: target must be an EventTarget, received ${show(target)}`)
  }
  if (typeof type !== 'string')
    throw new TypeError(`fromEvents: type must be a string, received ${show(type)}`)
  if (options.onDrop !== undefined) checkFunction('fromEvents: onDrop', options.onDrop)
  const strategy = toPushStrategy<E>('fromEvents', options.strategy ?? reject(1024))
  if (strategy.mode === 'block' || strategy.mode === 'timeout' || strategy.mode === 'spill') {
    throw new TypeError(
      `fromEvents: events cannot wait; use dropOldest, dropNewest or reject instead of ${strategy.mode}`,
    )
  }
  return flowOf(gated('fromEvents', new EventProducer<E>(target, type, strategy, options), options))
}

class EventProducer<E extends Event> implements Producer<E> {
  readonly #target: EventTarget
  readonly #type: string
  readonly #strategy: QueueStrategy<E>
  readonly #options: FromEventsOptions<E>

  constructor(target: EventTarget, type: string, strategy: QueueStrategy<E>, options: FromEventsOptions<E>) {
    this.#target = target
    this.#type = type
    this.#strategy = strategy
    this.#options = options
  }

  connect(down: Downstream<E>): Upstream {
    const { capture = false, passive, onDrop } = this.#options
    const intake = new Intake<E>(this.#strategy, { name: `fromEvents(${this.#type})`, onDrop })
    const run = new StepRun<E, E>(down, { apply: passOn })
    run.up = intake
    intake.connect(run)
    const listen = (event: Event): void => {
      intake.next(event as E)
    }
    let listening = true
    const stop = (): void => {
      if (listening) this.#target.removeEventListener(this.#type, listen, { capture })
      listening = false
    }
    run.onOver = stop
    intake.onCancel = stop
    this.#target.addEventListener(this.#type, listen, { capture, ...(passive !== undefined && { passive }) })
    return run
  }
}
