import { NONE, SplitOperator, type Splitter } from '../../engine/split-operator.ts'
import { composed, type StageOptions, stageOf } from '../../fused-stage.ts'
import type { Bytes } from '../../internal/bytes.ts'
import { checkOptions, show } from '../../internal/check.ts'
import { loadPapaparse, type Papaparse } from '../../internal/load-papaparse.ts'
import type { ItemPolicies } from '../../policies/item-policies.ts'
import { itemStep } from '../../policies/item-step.ts'
import type { Stage } from '../../stage.ts'

/** `onError` and `deadLetter` are for an item that is neither an object nor an array. */
export interface ToCsvOptions<I>
  extends StageOptions<I>,
    Pick<ItemPolicies<I, Uint8Array>, 'onError' | 'deadLetter'> {
  /** The fields of each record, in their order. Default: those of the first item; items that are arrays have none. */
  readonly columns?: readonly string[]
  /** Whether the first record is the names of the columns: where they are given, of no items too. Default: true. */
  readonly header?: boolean
  /** Between two fields. Default: `,`. */
  readonly delimiter?: string
  /** Around a field where it is needed. Default: `"`. */
  readonly quote?: string
  /** Makes harmless what a spreadsheet would take for a formula, with a `'` in front. Default: false. */
  readonly escapeFormulae?: boolean
}

/**
 * Makes CSV (RFC 4180) of objects or arrays: one chunk of UTF-8 bytes for each, as files and `new Response` take them. It
 * is papaparse that writes, which you install: `npm install papaparse`. The way back is `csv`.
 *
 * - **Emits** the bytes of each record, the first one with the header before it; with `columns`, the header alone where no
 *   item came, so that a table without rows still says what it is. **Holds** nothing.
 * - **Fails** with a `TypeError` at an item that is neither an object nor an array, and when papaparse is not installed.
 *
 * `null` and `undefined` become empty fields, dates ISO strings, all else what `String` makes of it. A record of one empty
 * field is written as `""`, not as a blank line, which readers leave out; `csv` leaves out both.
 *
 * @example
 * ```ts
 * const rows = from([{ id: 1, name: 'Lovelace, Ada' }, { id: 2, name: 'Alan' }])
 * await text(rows.pipeThrough(toCsv()))
 * // => 'id,name\r\n1,"Lovelace, Ada"\r\n2,Alan\r\n'
 * ```
 */
export function toCsv<I extends object>(options: ToCsvOptions<I> = {}): Stage<I, Bytes> {
  checkOptions('toCsv', options)
  const { name = 'toCsv', header = true, onError, deadLetter } = options
  const { delimiter = ',', quote: quoteChar = '"', escapeFormulae = false } = options
  const config = { delimiter, quoteChar, escapeFormulae, newline: '\r\n' }
  const encoder = new TextEncoder()
  let { columns } = options
  let papa: Papaparse | undefined
  let begun = false
  /** A blank line would be no record. */
  const lineOf = (row: readonly unknown[]): string => {
    const line = papa?.unparse([row], config) ?? ''
    return `${line === '' && row.length === 1 ? quoteChar + quoteChar : line}\r\n`
  }
  const encode = (item: I): Bytes => {
    if (typeof item !== 'object' || item === null)
      throw new TypeError(`${name}: an item must be an object or an array, received ${show(item)}`)
    if (!Array.isArray(item)) columns ??= Object.keys(item)
    const row = Array.isArray(item)
      ? item
      : (columns as readonly string[]).map(column => (item as Record<string, unknown>)[column])
    // Before the header, which is to come with the first record that has a text.
    let line = lineOf(row)
    if (header && columns && !begun) line = lineOf(columns) + line
    begun = true
    return encoder.encode(line)
  }
  const load = async (item: I): Promise<Bytes> => {
    papa = await loadPapaparse(name)
    return encode(item)
  }
  const policies = { name, ...(onError && { onError }), ...(deadLetter && { deadLetter }) }
  const step = itemStep('toCsv', (item: I) => (papa ? encode(item) : load(item)), policies)
  const records = stageOf<I, Bytes>('toCsv', { step }, options)
  if (!columns || !header) return records
  const names = columns
  const table = orElse(async () => {
    papa ??= await loadPapaparse(name)
    return encoder.encode(lineOf(names))
  })
  const headed = stageOf<Bytes, Bytes>('toCsv', { create: down => new SplitOperator(down, table) }, { name })
  return composed(records, records.readable.pipeThrough(headed), [records, headed])
}

/** Passes bytes on, and makes some where none have come. */
function orElse(make: () => Promise<Bytes>): Splitter<Bytes, Bytes> {
  let piece: Bytes | typeof NONE = NONE
  let any = false
  const push = (bytes: Bytes): void => {
    piece = bytes
    any = true
  }
  return {
    push,
    next() {
      const next = piece
      piece = NONE
      return next
    },
    end: () => (any ? undefined : make().then(push)),
  }
}
