import { type StageOptions, stageOf } from '../fused-stage.ts'
import type { Bytes } from '../internal/bytes.ts'
import { checkOptions, show } from '../internal/check.ts'
import type { ItemPolicies } from '../policies/item-policies.ts'
import { itemStep } from '../policies/item-step.ts'
import type { Stage } from '../stage.ts'

/** `onError` and `deadLetter` are for a value that has no JSON. */
export interface ToNdjsonOptions<I>
  extends StageOptions<I>,
    Pick<ItemPolicies<I, Uint8Array>, 'onError' | 'deadLetter'> {}

/**
 * Makes newline-delimited JSON of values: one chunk of UTF-8 bytes for each, as files and `new Response` take them.
 * The way back is `ndjson`.
 *
 * - **Emits** the bytes of each value, with the line's end. **Holds** nothing.
 * - **On error** of `JSON.stringify`: that very error; a `TypeError` for a value without JSON, such as `undefined`.
 *
 * @example
 * ```ts
 * await new Response(from([{ id: 1 }, { id: 2 }]).pipeThrough(toNdjson())).text()
 * // => '{"id":1}\n{"id":2}\n'
 * ```
 */
export function toNdjson<I>(options: ToNdjsonOptions<I> = {}): Stage<I, Bytes> {
  checkOptions('toNdjson', options)
  const { name = 'toNdjson', onError, deadLetter } = options
  const encoder = new TextEncoder()
  const encode = (value: I): Uint8Array => {
    const json = JSON.stringify(value) as string | undefined
    if (json === undefined) throw new TypeError(`${name}: ${show(value)} has no JSON`)
    return encoder.encode(`${json}\n`)
  }
  const policies = { name, ...(onError && { onError }), ...(deadLetter && { deadLetter }) }
  return stageOf('toNdjson', { step: itemStep('toNdjson', encode, policies) }, options)
}
