import { ArrayProducer } from '../engine/array-run.ts'
import { gated, type SourceOptions } from '../engine/gate.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkOptions, show } from '../internal/check.ts'

/** Options of {@link range}. */
export interface RangeOptions extends SourceOptions {
  /** Difference between neighbours; not 0. Default: 1. */
  readonly step?: number
}

/** Numbers made at a time: enough that making them costs nothing beside giving them out. */
const CHUNK = 1024

/**
 * The numbers from `start` up to, but without, `end`.
 *
 * - **Emits** each number when it is asked for. **Holds** nothing.
 *
 * @param end May be `Infinity`.
 * @throws {RangeError} `start` or `step` is not finite, `end` is NaN, or `step` is 0.
 * @example
 * ```ts
 * await toArray(range(0, 10, { step: 3 }))
 * // => [0, 3, 6, 9]
 * ```
 */
export function range(start: number, end: number, options: RangeOptions = {}): Flow<number> {
  checkOptions('range', options)
  const { step = 1 } = options
  for (const [name, value] of Object.entries({ start, end, step })) {
    if (typeof value !== 'number')
      throw new TypeError(`range: ${name} must be a number, received ${show(value)}`)
  }
  if (!Number.isFinite(start)) throw new RangeError(`range: start must be finite, received ${start}`)
  if (Number.isNaN(end)) throw new RangeError(`range: end must be a number, received ${end}`)
  if (!Number.isFinite(step) || step === 0)
    throw new RangeError(`range: step must be finite and not 0, received ${step}`)
  const count = Math.max(0, Math.ceil((end - start) / step))
  let made = 0
  const chunk: number[] = []
  const refill = (): number[] => {
    const size = Math.min(CHUNK, count - made)
    // From the start each time: adding up steps would add up their rounding errors.
    const first = made
    for (let at = 0; at < size; at++) chunk[at] = start + (first + at) * step
    made = first + size
    // Never made longer this way, which would leave holes that V8 looks out for.
    chunk.length = size
    return chunk
  }
  return flowOf(gated('range', new ArrayProducer<number>([], refill), options))
}
