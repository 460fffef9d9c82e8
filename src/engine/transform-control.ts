import { Ring } from '../internal/ring.ts'
import type { TransformOperator } from './transform-operator.ts'

/** The controller that a transformer is given (Streams Standard, section 6.3), and the chunks nobody has asked for. */
export class TransformControl<O> implements TransformStreamDefaultController<O> {
  readonly #queue = new Ring<{ chunk: O; size: number }>()
  readonly #highWaterMark: number
  readonly #size: ((chunk: O) => number) | undefined
  #total = 0
  /** Set by the operator once it runs; errors before that are kept here. */
  operator: TransformOperator<unknown, O> | undefined
  onEarlyEnd: (() => void) | undefined
  state: 'open' | 'terminated' | 'errored' | 'closed' = 'open'
  error_: unknown

  constructor(strategy: QueuingStrategy<O> | undefined) {
    const highWaterMark = strategy?.highWaterMark ?? 0
    if (Number.isNaN(Number(highWaterMark)) || Number(highWaterMark) < 0) {
      throw new RangeError(`transform: readableStrategy.highWaterMark must be 0 or more, received ${highWaterMark}`)
    }
    this.#highWaterMark = Number(highWaterMark)
    this.#size = strategy?.size
  }

  get desiredSize(): number | null {
    if (this.state === 'errored') return null
    return this.state === 'open' ? this.#highWaterMark - this.#total : 0
  }

  get queued(): number {
    return this.#queue.length
  }

  enqueue(chunk?: O): void {
    if (this.state !== 'open') throw new TypeError('enqueue: the readable side is not open any more')
    if (this.operator?.give(chunk as O)) return
    let size = 1
    try {
      const measure = this.#size
      if (measure) size = Number(measure(chunk as O))
      if (!(size >= 0 && size < Infinity)) throw new RangeError(`transform: invalid chunk size ${size}`)
    } catch (error) {
      this.error(error)
      throw error
    }
    this.#queue.push({ chunk: chunk as O, size })
    this.#total += size
  }

  error(reason?: unknown): void {
    if (this.state !== 'open') return
    this.state = 'errored'
    this.error_ = reason
    this.clear()
    if (this.operator) this.operator.broke(reason)
    else this.onEarlyEnd?.()
  }

  terminate(): void {
    if (this.state !== 'open') return
    this.state = 'terminated'
    if (this.operator) this.operator.terminated()
    else this.onEarlyEnd?.()
  }

  take(): O {
    const { chunk, size } = this.#queue.shift()
    this.#total -= size
    return chunk
  }

  clear(): void {
    this.#queue.clear()
    this.#total = 0
  }
}
