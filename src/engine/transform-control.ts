import { Ring } from '../internal/ring.ts'
import type { TransformOperator } from './transform-operator.ts'

/**
 * The controller that a transformer is given (Streams Standard, section 6.3), with the chunks that were enqueued
 * beyond what was asked for.
 */
export class TransformControl<O> implements TransformStreamDefaultController<O> {
  readonly #queue = new Ring<O>()
  /** Set once there is an operator; what happens before is kept here for it. */
  operator: TransformOperator<never, O> | undefined
  /** Settles when `start` has, where that takes time. */
  started: Promise<unknown> | undefined
  /** Brings the operator about, so that an ending shows before anybody reads. */
  onEarlyEnd: (() => void) | undefined
  state: 'open' | 'terminated' | 'errored' | 'closed' = 'open'
  failure: unknown

  get desiredSize(): number | null {
    if (this.state === 'errored') return null
    if (this.state === 'closed') return 0
    const { operator } = this
    if (this.state === 'terminated' && operator?.over && !operator.platform) return 0
    return (this.operator?.platform?.desiredSize ?? 0) - this.#queue.length
  }

  get queued(): number {
    return this.#queue.length
  }

  enqueue(chunk?: O): void {
    if (this.state !== 'open') throw new TypeError('enqueue: the readable side is not open any more')
    if (!this.operator?.give(chunk as O)) this.#queue.push(chunk as O)
  }

  error(reason?: unknown): void {
    if (this.state === 'errored' || this.state === 'closed') return
    // After a termination the readable side is open for as long as it has chunks.
    if (this.state === 'terminated' && this.operator?.over !== false) {
      this.operator?.platform?.spoil(reason)
      return
    }
    this.state = 'errored'
    this.failure = reason
    this.clear()
    this.onEarlyEnd?.()
    this.operator?.broke(reason)
  }

  terminate(): void {
    if (this.state !== 'open') return
    this.state = 'terminated'
    this.onEarlyEnd?.()
    this.operator?.terminated()
  }

  take(): O {
    return this.#queue.shift()
  }

  clear(): void {
    this.#queue.clear()
  }
}
