import { type LineOptions, LineSplitter } from '../engine/line-splitter.ts'
import { SplitOperator } from '../engine/split-operator.ts'
import { SKIP } from '../engine/step.ts'
import { RecordError } from '../errors.ts'
import { composed, type StageOptions, stageOf } from '../fused-stage.ts'
import { checkOptions } from '../internal/check.ts'
import type { TextChunk } from '../internal/chunk-decoder.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { itemStep } from '../policies/item-step.ts'
import type { Skip } from '../policies/on-error.ts'
import type { Stage } from '../stage.ts'

/** `onError` and `deadLetter` are for a line that is no JSON; they are given the line. */
export interface NdjsonOptions<R = never>
  extends StageOptions<TextChunk>,
    LineOptions,
    Pick<ItemPolicies<string, R>, 'onError' | 'deadLetter'> {}

/**
 * Parses newline-delimited JSON (JSON Lines): bytes or strings in, the value of each line out. Blank lines are left out.
 *
 * - **Emits** each value as it is asked for. **Holds** what {@link lines} holds.
 * - **Fails** with {@link RecordError}: `ERR_RECORD_INVALID` at a line that is no JSON, with its number, its beginning
 *   and the `SyntaxError` as `cause`, unless `onError` or `deadLetter` say otherwise; `ERR_RECORD_TOO_LONG` at a line
 *   longer than `maxLength`.
 *
 * `stats()` counts chunks in and values out: a line that `onError` left out is in neither. (`lines()`, then
 * `map(line => JSON.parse(line), { onError })`, counts it as `failed`.) A source that `until` ends is cut between chunks: put
 * `until` behind the values, `from(from(file).pipeThrough(ndjson()), { until })`, or the last line may be half of one.
 *
 * @throws {RangeError} `maxLength` is not a positive integer, or there is no such `encoding`.
 * @example
 * ```ts
 * const body = from(['{"id":1}\n{"i', 'd":2}\n'])
 * await toArray(body.pipeThrough(ndjson<{ id: number }>()))
 * // => [{ id: 1 }, { id: 2 }]
 * ```
 */
export function ndjson<T = unknown, R = never>(
  options: NdjsonOptions<R> = {},
): Stage<TextChunk, T | Exclude<Awaited<R>, Skip>> {
  checkOptions('ndjson', options)
  const { name = 'ndjson', onError, deadLetter } = options
  const splitter = new LineSplitter('ndjson', name, options)
  let record = 0
  const parse = (line: string): unknown => {
    record++
    try {
      return JSON.parse(line)
    } catch (cause) {
      // Asked last: a line with something in it is the rule.
      if (line.trim() === '') return SKIP
      const what = `line ${record} is no JSON`
      throw new RecordError('ERR_RECORD_INVALID', name, what, { record, text: line, cause })
    }
  }
  const policies = { name, ...(onError && { onError }), ...(deadLetter && { deadLetter }) }
  const chunks = stageOf<TextChunk, string>(
    'ndjson',
    { create: down => new SplitOperator(down, splitter) },
    options,
  )
  const values = stageOf<string, T>('ndjson', { step: itemStep('ndjson', parse, policies) }, { name })
  return composed(chunks, chunks.readable.pipeThrough(values), [chunks, values])
}
