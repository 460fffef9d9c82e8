import { noop } from '../internal/noop.ts'
import { ignore } from './group.ts'
import { Handoff } from './handoff.ts'
import { Inlet } from './inlet.ts'
import { workOn } from './limits.ts'
import type { Operator } from './operator.ts'
import type { Downstream, Producer } from './protocol.ts'
import { type Recipe, statsAt } from './stage-core.ts'
import type { StageStats } from './stage-stats.ts'

/** A sink's inside: an operator whose results nobody takes, behind a writable or straight behind a flow. */
export class SinkCore<I> {
  readonly inlet: Inlet<I>
  /** What its function runs in, and what is poured into it; for `explain`. */
  operator!: Operator<I, unknown>
  feed: Producer<I> | undefined
  readonly #recipeOf: () => Recipe<I, unknown>
  #recipe!: Recipe<I, unknown>

  constructor(name: string, recipeOf: () => Recipe<I, unknown>) {
    this.#recipeOf = recipeOf
    const handoff = new Handoff<I>()
    this.inlet = new Inlet(handoff)
    const operator = this.#work({ next: ignore, end: noop, fail: noop, abort: noop })
    operator.up = handoff
    handoff.connect(operator)
    operator.resume()
    ;(this.inlet as Fused<I>)[CORE] = this
    const stats = (): StageStats => statsAt(name, this.#recipe, this.operator)
    Object.defineProperty(this.inlet, 'stats', { value: stats, enumerable: true })
  }

  /** Nobody has written to it, closed it or aborted it: a flow may be poured in, past its writable. */
  get fresh(): boolean {
    return this.feed === undefined && !this.inlet.used
  }

  /** Behind a flow it is another operator than behind the writable. */
  #work(down: Downstream<unknown>): Operator<I, unknown> {
    this.#recipe = this.#recipeOf()
    this.operator = workOn(this.#recipe, down)
    return this.operator
  }

  /**
   * Takes all items of a locked stream, if it is fresh; settles as `pipeTo` does (Streams Standard, section 4.9.1), save
   * that an abort does not wait for the items at work: their signals fire.
   */
  async pour(producer: Producer<I>, signal?: AbortSignal): Promise<void> {
    const writer = this.inlet.lock()
    this.feed = producer
    let operator!: Operator<I, unknown>
    let aborted = false
    let onAbort = noop
    try {
      await new Promise<void>((resolve, reject) => {
        operator = this.#work({ next: ignore, end: resolve, fail: reject, abort: reject })
        operator.up = producer.connect(operator)
        onAbort = () => {
          aborted = true
          operator.cancel(signal?.reason)?.catch(noop)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort)
        if (signal?.aborted) onAbort()
        else operator.resume()
      }).finally(() => signal?.removeEventListener('abort', onAbort))
      await writer.close()
    } catch (error) {
      // A failure of the sink's own function goes backward too, and that of the source's clean-up is then told
      // instead of it; one that came forward has been dealt with.
      const backward = aborted || operator.broken
      await Promise.all([backward ? operator.cancel(error) : undefined, writer.abort(error)])
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
