import { RecordError } from '../errors.ts'
import { checkInteger } from '../internal/check.ts'
import { ChunkDecoder, type DecodeOptions, type TextChunk } from '../internal/chunk-decoder.ts'
import { NONE, type Splitter } from './split-operator.ts'

export interface LineOptions extends DecodeOptions {
  /**
   * Characters of a line at the most, as in `string.length`: a longer one fails the stage. Default: 16,777,216, so that
   * input without line ends cannot fill the memory.
   */
  readonly maxLength?: number
}

const CR = 13

/** Makes lines of bytes or strings. */
export class LineSplitter implements Splitter<TextChunk, string> {
  readonly #stage: string
  readonly #max: number
  readonly #decoder: ChunkDecoder
  #text = ''
  #at = 0
  /** The beginning of a line whose end has not come. */
  #held = ''
  #count = 0
  #ended = false

  constructor(kind: string, stage: string, options: LineOptions) {
    const { maxLength = 2 ** 24 } = options
    checkInteger(`${kind}: maxLength`, maxLength, 1, true)
    this.#stage = stage
    this.#max = maxLength
    this.#decoder = new ChunkDecoder(stage, options)
  }

  push(chunk: TextChunk): void {
    this.#text = this.#decoder.decode(chunk)
    this.#at = 0
  }

  end(): void {
    this.#text = this.#decoder.end()
    this.#at = 0
    this.#ended = true
  }

  drop(): void {
    this.#text = this.#held = ''
  }

  next(): string | typeof NONE {
    const text = this.#text
    const end = text.indexOf('\n', this.#at)
    if (end === -1) return this.#rest(this.#at === 0 ? text : text.slice(this.#at))
    const { length } = this.#held
    let line: string
    if (length === 0) {
      line = text.slice(this.#at, end > this.#at && text.charCodeAt(end - 1) === CR ? end - 1 : end)
    } else {
      line = this.#held + text.slice(this.#at, end)
      this.#held = ''
      if (line.charCodeAt(line.length - 1) === CR) line = line.slice(0, -1)
    }
    this.#at = end + 1
    return this.#checked(line)
  }

  /** What has no line end yet. Only what comes later is searched: a long line in many chunks is looked at once. */
  #rest(text: string): string | typeof NONE {
    this.#held += text
    this.#text = ''
    this.#at = 0
    const held = this.#held
    const over = held.length - this.#max
    // A carriage return at its end may be the first half of the line's end.
    if (over > 1 || (over === 1 && held.charCodeAt(held.length - 1) !== CR)) this.#checked(held)
    if (!this.#ended || held === '') return NONE
    this.#held = ''
    return this.#checked(held)
  }

  #checked(line: string): string {
    this.#count++
    if (line.length <= this.#max) return line
    throw new RecordError(
      'ERR_RECORD_TOO_LONG',
      this.#stage,
      `line ${this.#count} is longer than ${this.#max} characters`,
      {
        record: this.#count,
        text: line,
      },
    )
  }
}
