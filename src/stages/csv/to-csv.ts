import { type StageOptions, stageOf } from '../../fused-stage.ts'
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
  /** Whether the first record is the names of the columns. Default: true. */
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
 * - **Emits** the bytes of each record, the first one with the header before it. **Holds** nothing.
 * - **Fails** with a `TypeError` at an item that is neither an object nor an array, and when papaparse is not installed.
 *
 * `null` and `undefined` become empty fields, dates ISO strings, all else what `String` makes of it.
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
  const encode = (item: I): Uint8Array => {
    if (typeof item !== 'object' || item === null)
      throw new TypeError(`${name}: an item must be an object or an array, received ${show(item)}`)
    const rows: unknown[][] = []
    if (Array.isArray(item)) rows.push(item)
    else {
      columns ??= Object.keys(item)
      rows.push(columns.map(column => (item as Record<string, unknown>)[column]))
    }
    if (!begun && header && columns) rows.unshift([...columns])
    begun = true
    return encoder.encode(`${papa?.unparse(rows, config)}\r\n`)
  }
  const load = async (item: I): Promise<Uint8Array> => {
    papa = await loadPapaparse(name)
    return encode(item)
  }
  const policies = { name, ...(onError && { onError }), ...(deadLetter && { deadLetter }) }
  const step = itemStep('toCsv', (item: I) => (papa ? encode(item) : load(item)), policies)
  return stageOf('toCsv', { step }, options)
}
