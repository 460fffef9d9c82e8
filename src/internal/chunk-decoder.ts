import { show } from './check.ts'

/** Bytes, or text as it is. */
export type TextChunk = string | ArrayBufferView | ArrayBuffer | SharedArrayBuffer

/** How bytes become text. */
export interface DecodeOptions {
  /** A label of the Encoding Standard. Default: `utf-8`. */
  readonly encoding?: string
  /** Bytes that are no text in that encoding fail the stage, instead of becoming `\ufffd`. Default: false. */
  readonly fatal?: boolean
}

/** Makes text of chunks: a character may be split over several. A byte order mark at the beginning is left out. */
export class ChunkDecoder {
  readonly #where: string
  readonly #decoder: TextDecoder
  /** Bytes of an unfinished character may be inside. */
  #pending = false
  #begun = false

  /** @throws {RangeError} There is no such encoding. */
  constructor(where: string, { encoding = 'utf-8', fatal = false }: DecodeOptions) {
    this.#where = where
    // Deno's own look-out for the mark takes it for one at the beginning of any chunk.
    this.#decoder = new TextDecoder(encoding, { fatal, ignoreBOM: true })
  }

  decode(chunk: TextChunk): string {
    if (typeof chunk === 'string') return this.#unmarked(this.#rest() + chunk)
    if (!ArrayBuffer.isView(chunk) && !isBuffer(chunk))
      throw new TypeError(`${this.#where}: a chunk must be bytes or a string, received ${show(chunk)}`)
    this.#pending = true
    const view = ArrayBuffer.isView(chunk) ? chunk : new Uint8Array(chunk)
    const { buffer, byteOffset, byteLength } = view
    // Chromium decodes no shared memory: it gets a copy.
    const bytes = isShared(buffer) ? new Uint8Array(buffer, byteOffset, byteLength).slice() : view
    return this.#unmarked(this.#decoder.decode(bytes as Uint8Array<ArrayBuffer>, { stream: true }))
  }

  end(): string {
    return this.#unmarked(this.#rest())
  }

  #rest(): string {
    if (!this.#pending) return ''
    this.#pending = false
    return this.#decoder.decode()
  }

  /** Whoever has read a file as strings has its mark too. */
  #unmarked(text: string): string {
    if (this.#begun || text === '') return text
    this.#begun = true
    return text[0] === '\ufeff' ? text.slice(1) : text
  }
}

/** Also one of another realm, as iframes and test runners have them. */
function isBuffer(chunk: unknown): boolean {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(chunk))
}

function isShared(buffer: ArrayBufferLike): boolean {
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'
}
