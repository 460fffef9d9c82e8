import { RecordError } from '../errors.ts'
import { checkInteger, show } from '../internal/check.ts'
import { ChunkDecoder, type DecodeOptions, type TextChunk } from '../internal/chunk-decoder.ts'
import { loadPapaparse, type Papaparse, type PapaResults } from '../internal/load-papaparse.ts'
import { NONE, type Splitter } from './split-operator.ts'

/** How a CSV file is written. */
export interface CsvFormat extends DecodeOptions {
  /** Between two fields: one character. Default: `,`. */
  readonly delimiter?: string
  /** Around a field that has a delimiter or a line end in it, and twice within one: one character. Default: `"`. */
  readonly quote?: string
  /** What a line begins with that is left out. Default: there are no comments. */
  readonly comments?: string
  /**
   * Characters of a record at the most, as in `string.length`: a longer one, such as one whose quote is never closed,
   * fails the stage. Quotes count while it is incomplete. Default: 16,777,216.
   */
  readonly maxLength?: number
}

/**
 * Characters of an unfinished record from which on it is read again only once an eighth has been added. Papaparse reads
 * it from its beginning each time: one quote and small chunks would keep it busy for minutes.
 */
const LONG = 2 ** 18
const LF = 10
const CR = 13

/** The events of the stream that papaparse is made to believe in. */
interface Handlers {
  data?: (text: string) => void
  end?: () => void
}

/**
 * Makes rows of bytes or strings. Papaparse reads them, in the way in which it reads a stream of Node's: text is given to
 * its listener, and its rows come while that is called.
 */
export class CsvSplitter implements Splitter<TextChunk, readonly string[]> {
  /** What is wrong with the row that was given last. */
  problem: string | undefined
  readonly #stage: string
  readonly #format: Required<Pick<CsvFormat, 'delimiter' | 'quote' | 'maxLength'>> & CsvFormat
  readonly #decoder: ChunkDecoder
  #papa: Papaparse | undefined
  #handlers: Handlers | undefined
  /** What came before the first line end, which says what line ends are. */
  #head = ''
  readonly #lineEnd: (text: string, last: boolean) => string | undefined
  /** What comes next for papaparse, and is not enough yet. */
  #held = ''
  /** Characters that papaparse was given. */
  #fed = 0
  #rows: PapaResults['data'] = []
  /** In the order of their rows. */
  #errors: PapaResults['errors'] = []
  #at = 0
  #errorAt = 0
  #count = 0
  /** Characters of the record that has begun. */
  #begun = 0
  /** The last one of them may be the first half of the record's line end. */
  #halfEnd = false
  /** The text given last is not longer than a record may be: nor is any record that ended in it. */
  #short = true
  #failure: { readonly error: unknown } | undefined

  constructor(kind: string, stage: string, format: CsvFormat) {
    const { delimiter = ',', quote = '"', maxLength = 2 ** 24 } = format
    checkCharacter(`${kind}: delimiter`, delimiter)
    checkCharacter(`${kind}: quote`, quote)
    checkInteger(`${kind}: maxLength`, maxLength, 1, true)
    this.#stage = stage
    this.#format = { ...format, delimiter, quote, maxLength }
    this.#decoder = new ChunkDecoder(stage, format)
    this.#lineEnd = lineEndOf(quote)
  }

  push(chunk: TextChunk): unknown {
    const text = this.#decoder.decode(chunk)
    if (this.#papa) return this.#feed(text, false)
    return loadPapaparse(this.#stage).then(papa => {
      this.#papa = papa
      this.#feed(text, false)
    })
  }

  end(): void {
    // Nothing was ever pushed: there is nothing to parse.
    if (this.#papa) this.#feed(this.#decoder.end(), true)
  }

  drop(): void {
    this.#head = this.#held = ''
    this.#rows = []
    // Papaparse has the record that has begun.
    this.#papa = this.#handlers = undefined
  }

  next(): readonly string[] | typeof NONE {
    while (this.#at < this.#rows.length) {
      const at = this.#at++
      const row = this.#rows[at] as readonly string[]
      if (row.length === 1 && row[0] === '') continue
      this.#count++
      if (!this.#short && lengthOf(row) > this.#format.maxLength) throw this.#tooLong(row.join())
      this.problem = this.#problemOf(at)
      return row
    }
    if (this.#failure) throw this.#failure.error
    if (this.#begun + this.#held.length - (this.#halfEnd ? 1 : 0) <= this.#format.maxLength) return NONE
    this.#count++
    throw this.#tooLong('')
  }

  /** What is wrong with a row; they are asked for one after the other. */
  #problemOf(at: number): string | undefined {
    let error = this.#errors[this.#errorAt]
    while (error && (error.row as number) < at) error = this.#errors[++this.#errorAt]
    return error?.row === at ? error.message : undefined
  }

  #tooLong(text: string): RecordError {
    const record = this.#count
    const what = `record ${record} is longer than ${this.#format.maxLength} characters`
    return new RecordError('ERR_RECORD_TOO_LONG', this.#stage, what, { record, text })
  }

  #feed(text: string, last: boolean): void {
    this.#rows = this.#errors = []
    this.#at = this.#errorAt = 0
    if (text !== '') this.#halfEnd = text.endsWith('\r')
    if (this.#handlers) {
      this.#held += text
      if (!last && this.#begun > LONG && this.#held.length < this.#begun / 8) return
      text = this.#held
      this.#held = ''
    }
    this.#short = this.#begun + text.length <= this.#format.maxLength
    if (!this.#handlers) {
      this.#head += text
      const newline = this.#lineEnd(text, last)
      if (newline === undefined) {
        this.#begun = this.#head.length
        return
      }
      this.#handlers = this.#open(newline)
      text = this.#head
      this.#head = ''
    }
    this.#fed += text.length
    if (text !== '') this.#handlers.data?.(text)
    // Of an empty text the parser would make a row.
    if (last && this.#fed > 0) this.#handlers.end?.()
  }

  #open(newline: string): Handlers {
    const { delimiter, quote, comments = false } = this.#format
    const handlers: Record<string, () => void> = {}
    const stream = {
      readable: true,
      read() {},
      pause() {},
      resume() {},
      removeListener() {},
      on(event: string, handler: () => void) {
        handlers[event] = handler
      },
    }
    this.#papa?.parse(stream, {
      delimiter,
      newline,
      quoteChar: quote,
      comments,
      // A text may be read in two steps, of which the second one is at the end.
      chunk: ({ data, errors, meta }) => {
        this.#errors = [
          ...this.#errors,
          ...errors.map(error => ({ ...error, row: (error.row ?? 0) + this.#rows.length })),
        ]
        this.#errors = this.#errors.filter(
          error => error.row !== undefined && error.row < this.#rows.length + data.length,
        )
        this.#rows = this.#rows.length === 0 ? data : [...this.#rows, ...data]
        this.#begun = this.#fed - meta.cursor
      },
      error: error => {
        this.#failure = { error }
      },
    })
    return handlers
  }
}

function checkCharacter(where: string, value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`${where} must be a string, received ${show(value)}`)
  if (value.length !== 1 || value === '\n' || value === '\r')
    throw new RangeError(`${where} must be one character, and no line end, received ${show(value)}`)
}

/** Characters of a row: at least so many, as nobody can tell any more where there were quotes. */
function lengthOf(row: readonly string[]): number {
  return row.reduce((length, field) => length + field.length, row.length - 1)
}

/**
 * Finds the first line end outside of quotes in texts that follow each other; undefined: it may come yet. Each of them is
 * looked at once, or a long first record in small chunks would take for ever.
 */
function lineEndOf(quote: string): (text: string, last: boolean) => string | undefined {
  const mark = quote.charCodeAt(0)
  let quoted = false
  let returned = false
  return (text, last) => {
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at)
      if (returned) return character === LF ? '\r\n' : '\r'
      if (character === mark) quoted = !quoted
      else if (quoted) continue
      else if (character === LF) return '\n'
      else if (character === CR) returned = true
    }
    if (last) return returned ? '\r' : '\n'
    return undefined
  }
}
