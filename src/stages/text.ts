import { type CollectOptions, consume } from '../engine/consume.ts'
import { NONE, SplitOperator, type Splitter } from '../engine/split-operator.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkOptions } from '../internal/check.ts'
import { ChunkDecoder, type DecodeOptions, type TextChunk } from '../internal/chunk-decoder.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link text}. */
export interface TextOptions extends StageOptions<TextChunk>, DecodeOptions {}
/** Options of {@link text} as a collector. */
export interface CollectTextOptions extends CollectOptions, DecodeOptions {}

/**
 * Makes strings of bytes; strings stay as they are. With a stream, collects it to one string, as `Response.text()` does.
 *
 * - **Emits** the text of each chunk, if it has any. **Holds** up to three bytes of an unfinished character.
 * - With a stream, **rejects** with its error, or with the reason of `signal`; the stream is cancelled then.
 * - **Fails** with a `TypeError` at a chunk that is neither bytes nor a string, and with `fatal` at bytes that are no text.
 *
 * A byte order mark at the beginning is left out, of strings too.
 *
 * @throws {RangeError} There is no such `encoding`.
 * @example
 * ```ts
 * const bytes = [Uint8Array.of(0xe2, 0x82), Uint8Array.of(0xac, 0x31)]
 * await toArray(from(bytes).pipeThrough(text())) // => ['€1']
 * await text(from(bytes)) // => '€1'
 * ```
 */
export function text(options?: TextOptions): Stage<TextChunk, string>
export function text(stream: ReadableStream<TextChunk>, options?: CollectTextOptions): Promise<string>
export function text(
  first: ReadableStream<TextChunk> | TextOptions = {},
  options?: CollectTextOptions,
): Stage<TextChunk, string> | Promise<string> {
  return 'getReader' in Object(first)
    ? collected(first as ReadableStream<TextChunk>, options)
    : decoding(first as TextOptions)
}

async function collected(
  stream: ReadableStream<TextChunk>,
  options: CollectTextOptions = {},
): Promise<string> {
  checkOptions('text', options)
  const decoder = new ChunkDecoder('text', options)
  let all = ''
  await consume('text', stream, options, {
    take: collector => chunk => {
      if (collector.over) return false
      try {
        all += decoder.decode(chunk)
        return true
      } catch (error) {
        return collector.raise(error)
      }
    },
    result: () => all,
  })
  return all + decoder.end()
}

function decoding(options: TextOptions): Stage<TextChunk, string> {
  checkOptions('text', options)
  const decoder = new ChunkDecoder(options.name ?? 'text', options)
  let next = ''
  const splitter: Splitter<TextChunk, string> = {
    push(chunk) {
      next = decoder.decode(chunk)
    },
    next() {
      const piece = next
      next = ''
      return piece === '' ? NONE : piece
    },
    end() {
      next = decoder.end()
    },
  }
  return stageOf('text', { create: down => new SplitOperator(down, splitter) }, options)
}
