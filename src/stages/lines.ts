import { type LineOptions, LineSplitter } from '../engine/line-splitter.ts'
import { SplitOperator } from '../engine/split-operator.ts'
import { type StageOptions, stageOf } from '../fused-stage.ts'
import { checkOptions } from '../internal/check.ts'
import type { TextChunk } from '../internal/chunk-decoder.ts'
import type { Stage } from '../stage.ts'

/** Options of {@link lines}. */
export interface LinesOptions extends StageOptions<TextChunk>, LineOptions {}

/**
 * Makes lines of bytes or strings. `\n` and `\r\n` end a line and are left out; a lone `\r` does not end one.
 *
 * - **Emits** each line as it is asked for, and at the end what came after the last line end, if anything did.
 * - **Holds** one chunk, and the beginning of a line of up to `maxLength` characters. **Waits** while downstream is full.
 * - **Fails** with {@link RecordError} (`ERR_RECORD_TOO_LONG`) at a longer line. **When the input fails,** the line
 *   that it has begun is discarded.
 *
 * Characters may be split over chunks; a byte order mark at the beginning is left out, of strings too. A source that
 * `until` ends is cut between chunks: put `until` behind the lines, `from(from(file).pipeThrough(lines()), { until })`,
 * or the last one may be half a line.
 *
 * @throws {RangeError} `maxLength` is not a positive integer, or there is no such `encoding`.
 * @example
 * ```ts
 * await toArray(from(['one\ntw', 'o\r\nthree']).pipeThrough(lines()))
 * // => ['one', 'two', 'three']
 * ```
 */
export function lines(options: LinesOptions = {}): Stage<TextChunk, string> {
  checkOptions('lines', options)
  const splitter = new LineSplitter('lines', options.name ?? 'lines', options)
  return stageOf('lines', { create: down => new SplitOperator(down, splitter) }, options)
}
