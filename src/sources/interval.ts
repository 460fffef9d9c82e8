import { gated, type SourceOptions } from '../engine/gate.ts'
import type { Downstream, Upstream } from '../engine/protocol.ts'
import type { Wait } from '../engine/wait.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkOptions } from '../internal/check.ts'
import { checkPeriod } from '../internal/check-period.ts'

/**
 * Counts 0, 1, 2, … at each multiple of `ms` from when it is first read.
 *
 * - **Emits** at the next multiple after it is asked for: ticks that nobody waits for are skipped, not queued, and
 *   lateness does not add up. No timer runs while nobody reads.
 * - **Holds** nothing; never ends by itself: see `until`.
 *
 * @param ms Milliseconds from one tick to the next, at least 1.
 * @throws {RangeError} `ms` is below 1 or too large for a timer.
 * @example
 * ```ts
 * await toArray(interval(1).pipeThrough(take(3))) // => [0, 1, 2]
 * ```
 */
export function interval(ms: number, options: SourceOptions = {}): Flow<number> {
  checkOptions('interval', options)
  checkPeriod('interval: ms', ms)
  return flowOf(gated('interval', { connect: down => new Ticker(ms, down) }, options))
}

class Ticker implements Upstream {
  readonly #ms: number
  readonly #down: Downstream<number>
  #start: number | undefined
  /** Multiple of `ms` that was given out, or is waited for. */
  #multiple = 0
  #count = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #over = false

  constructor(ms: number, down: Downstream<number>) {
    this.#ms = ms
    this.#down = down
  }

  resume(): void {
    if (this.#over || this.#timer !== undefined) return
    const now = performance.now()
    this.#start ??= now
    this.#multiple = Math.max(this.#multiple + 1, Math.ceil((now - this.#start) / this.#ms))
    this.#arm()
  }

  idle(): void {}

  waitsOn(): Wait | undefined {
    if (this.#timer === undefined) return
    return {
      on: 'timer',
      detail: 'its next tick',
      until: (this.#start as number) + this.#multiple * this.#ms,
    }
  }

  cancel(): undefined {
    this.#over = true
    clearTimeout(this.#timer)
  }

  #arm(): void {
    const due = (this.#start as number) + this.#multiple * this.#ms
    this.#timer = setTimeout(this.#tick, Math.max(0, Math.ceil(due - performance.now())))
  }

  #tick = (): void => {
    this.#timer = undefined
    if (this.#down.next(this.#count++)) this.resume()
  }
}
