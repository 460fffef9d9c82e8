import { type CsvFormat, CsvSplitter } from '../../engine/csv-splitter.ts'
import { SplitOperator } from '../../engine/split-operator.ts'
import { SKIP } from '../../engine/step.ts'
import { RecordError } from '../../errors.ts'
import { composed, type StageOptions, stageOf } from '../../fused-stage.ts'
import { checkOptions, show } from '../../internal/check.ts'
import type { TextChunk } from '../../internal/chunk-decoder.ts'
import type { ItemPolicies } from '../../policies/item-policies.ts'
import { itemStep } from '../../policies/item-step.ts'
import type { Skip } from '../../policies/on-error.ts'
import type { Stage } from '../../stage.ts'

/** `onError` and `deadLetter` are for a record that is no CSV, or has not as many fields as the header; they are given its fields. */
export interface CsvOptions<R = never>
  extends StageOptions<TextChunk>,
    CsvFormat,
    Pick<ItemPolicies<readonly string[], R>, 'onError' | 'deadLetter'> {
  /**
   * `true`: the first record names the fields, and those after it become objects. Names: the same without such a record.
   * `false`: every record becomes an array of strings. Default: true.
   */
  readonly header?: boolean | readonly string[]
}

/**
 * Parses CSV (RFC 4180): bytes or strings in, an object out for each record, or an array with `header: false`. The parser
 * is papaparse, which you install: `npm install papaparse`; it is loaded when the first chunk comes.
 *
 * - **Emits** each record as it is asked for; all fields are strings. Empty lines are left out, a record of one empty
 *   field (`""`) with them. One of more than 262,144 characters may have to wait until an eighth more has come, or the end.
 * - **Holds** the records of one chunk, and the beginning of one of up to `maxLength` characters.
 * - **Fails** with {@link RecordError}: `ERR_RECORD_INVALID` at a record with a quote in the wrong place or another number
 *   of fields than the header, unless `onError` or `deadLetter` say otherwise; `ERR_RECORD_TOO_LONG`; and when papaparse
 *   is not installed. **When the input fails,** the record that it has begun is discarded.
 *
 * Chunks may be cut anywhere; a byte order mark at the beginning is left out. The first line end says what line ends
 * are (`\n`, `\r\n`, `\r`). A source that `until` ends is cut between chunks: put `until` behind the records,
 * `from(from(file).pipeThrough(csv()), { until })`, or the last one may be half of one. `stats()` counts chunks in and
 * records out: a record that `onError` left out is in neither.
 *
 * @throws {RangeError} `delimiter` or `quote` is not one character, or `maxLength` is not a positive integer.
 * @example
 * ```ts
 * const file = from(['id,name\n1,"Lovelace, A', 'da"\n2,Alan\n'])
 * await toArray(file.pipeThrough(csv()))
 * // => [{ id: '1', name: 'Lovelace, Ada' }, { id: '2', name: 'Alan' }]
 * ```
 */
export function csv<R = never>(
  options: CsvOptions<R> & { readonly header: false },
): Stage<TextChunk, string[] | Exclude<Awaited<R>, Skip>>
export function csv<T extends object = Record<string, string>, R = never>(
  options?: CsvOptions<R>,
): Stage<TextChunk, T | Exclude<Awaited<R>, Skip>>
export function csv(options: CsvOptions<unknown> = {}): Stage<TextChunk, unknown> {
  checkOptions('csv', options)
  const { name = 'csv', header = true, onError, deadLetter } = options
  if (typeof header !== 'boolean' && !Array.isArray(header))
    throw new TypeError(`csv: header must be a boolean or an array of names, received ${show(header)}`)
  const splitter = new CsvSplitter('csv', name, options)
  let record = 0
  let build = Array.isArray(header) ? builder(header) : undefined
  const invalid = (problem: string, row: readonly string[]): RecordError =>
    new RecordError('ERR_RECORD_INVALID', name, `record ${record}: ${problem}`, { record, text: row.join() })
  const make = (row: readonly string[]): unknown => {
    record++
    if (splitter.problem) throw invalid(splitter.problem, row)
    if (header === false) return row
    if (!build) {
      const twice = row.find((field, at) => row.indexOf(field) !== at)
      build = builder(row)
      if (twice !== undefined) throw invalid(`the header has two fields ${show(twice)}`, row)
      return SKIP
    }
    return build(row) ?? invalid(`${row.length} fields, and not as many as the header`, row)
  }
  const checked = (row: readonly string[]): unknown => {
    const made = make(row)
    if (made instanceof RecordError) throw made
    return made
  }
  const policies = { name, ...(onError && { onError }), ...(deadLetter && { deadLetter }) }
  const chunks = stageOf<TextChunk, readonly string[]>(
    'csv',
    { create: down => new SplitOperator(down, splitter) },
    options,
  )
  const records = stageOf<readonly string[], unknown>(
    'csv',
    { step: itemStep('csv', checked, policies) },
    { name },
  )
  return composed(chunks, chunks.readable.pipeThrough(records), [chunks, records])
}

/** Makes objects of rows with as many fields as there are names. */
function builder(names: readonly string[]): (row: readonly string[]) => object | undefined {
  const own = names.includes('__proto__')
  return row => {
    if (row.length !== names.length) return
    if (own) return Object.fromEntries(names.map((name, at) => [name, row[at]]))
    const object: Record<string, unknown> = {}
    for (let at = 0; at < names.length; at++) object[names[at] as string] = row[at]
    return object
  }
}
