import { noop } from '../internal/noop.ts'
import { ignore } from './compile-steps.ts'
import { Handoff } from './handoff.ts'
import { Inlet } from './inlet.ts'
import type { Operator } from './operator.ts'
import type { Downstream, Producer } from './protocol.ts'

/** A sink's inside: an operator whose results nobody takes, behind a writable or straight behind a flow. */
export class SinkCore<I> {
  readonly inlet: Inlet<I>
  /** What its function runs in, and what is poured into it; both for `explain`. */
  operator: Operator<I, unknown>
  feed: Producer<I> | undefined
  readonly #create: (down: Downstream<unknown>) => Operator<I, unknown>

  constructor(create: (down: Downstream<unknown>) => Operator<I, unknown>) {
    this.#create = create
    const handoff = new Handoff<I>()
    this.inlet = new Inlet(handoff)
    const operator = create({ next: ignore, end: noop, fail: noop, abort: noop })
    this.operator = operator
    operator.up = handoff
    handoff.connect(operator)
    operator.resume()
    ;(this.inlet as Fused<I>)[CORE] = this
  }

  /** Takes all items of a locked stream; settles as `pipeTo` does (Streams Standard, section 4.9.1). */
  async pour(producer: Producer<I>): Promise<void> {
    const writer = this.inlet.lock()
    this.feed = producer
    let operator!: Operator<I, unknown>
    try {
      await new Promise<void>((resolve, reject) => {
        operator = this.#create({ next: ignore, end: resolve, fail: reject, abort: reject })
        this.operator = operator
        operator.up = producer.connect(operator)
        operator.resume()
      })
      await writer.close()
    } catch (error) {
      // A failure of the sink's own function goes backward too, and that of the source's clean-up is then told
      // instead of it; one that came forward has been dealt with.
      await Promise.all([operator.broken ? operator.cancel(error) : undefined, writer.abort(error)])
      throw error
    } finally {
      writer.releaseLock()
    }
  }
}

const CORE = Symbol('core')
type Fused<I> = WritableStream<I> & { [CORE]?: SinkCore<I> }

/** What is inside a sink of this library; undefined for every other writable. */
export function sinkCoreOf<I>(writable: WritableStream<I>): SinkCore<I> | undefined {
  return (writable as Fused<I>)[CORE]
}
