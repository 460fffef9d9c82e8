import { crc32 } from '../../internal/crc32.ts'

/** An item as the store has it. */
export interface Frame {
  readonly bytes: Uint8Array
  /** Bytes that are the item itself. */
  readonly raw: boolean
}

/** A place in the queue, counted from the first item that the store ever had. */
export interface Place {
  /** Items before it. */
  readonly id: number
  /** Bytes before it. */
  readonly offset: number
}

// Checksum of all that follows, format, number of the record, its place, how many items; then each item after its length.
const CHECKSUM = 0
const FORMAT = 4
const SEQ = 8
const ID = 16
const OFFSET = 24
const COUNT = 32
const HEADER = 36
const LENGTH = 4
/** Set in the length of an item that is bytes itself. */
const RAW = 0x80000000
const VERSION = 1

/** What an item takes in a record. */
export function sizeOf(frame: Frame): number {
  return LENGTH + frame.bytes.length
}

/** Items that were stored together, under one checksum. They are read one after the other, when they are wanted. */
export class SpillRecord {
  readonly seq: number
  /** Behind its last item. */
  readonly end: Place
  /** Items not read yet, and the place of the first of them. */
  left: number
  id: number
  offset: number
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = HEADER

  private constructor(bytes: Uint8Array, view: DataView) {
    this.#bytes = bytes
    this.#view = view
    this.seq = view.getFloat64(SEQ)
    this.id = view.getFloat64(ID)
    this.offset = view.getFloat64(OFFSET)
    this.left = view.getUint32(COUNT)
    this.end = { id: this.id + this.left, offset: this.offset + bytes.length - HEADER }
  }

  /** A record to be stored as number `seq`, at a place of the queue. */
  static of(seq: number, { id, offset }: Place, frames: readonly Frame[]): [SpillRecord, Uint8Array] {
    let size = HEADER
    for (const frame of frames) size += sizeOf(frame)
    const bytes = new Uint8Array(size)
    const view = new DataView(bytes.buffer)
    view.setUint32(FORMAT, VERSION)
    view.setFloat64(SEQ, seq)
    view.setFloat64(ID, id)
    view.setFloat64(OFFSET, offset)
    view.setUint32(COUNT, frames.length)
    let at = HEADER
    for (const frame of frames) {
      view.setUint32(at, frame.raw ? (frame.bytes.length | RAW) >>> 0 : frame.bytes.length)
      bytes.set(frame.bytes, at + LENGTH)
      at += sizeOf(frame)
    }
    view.setUint32(CHECKSUM, crc32(bytes.subarray(FORMAT)))
    return [new SpillRecord(bytes, view), bytes]
  }

  /** Reads a record, which was stored as number `seq` if that is known; what is wrong with it, as text, where something is. */
  static read(bytes: Uint8Array | undefined, seq?: number): SpillRecord | string {
    if (!bytes) return 'it is missing'
    if (bytes.length < HEADER) return 'it is cut short'
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    if (view.getUint32(CHECKSUM) !== crc32(bytes.subarray(FORMAT))) return 'its checksum does not match'
    if (view.getUint32(FORMAT) !== VERSION) return `its format ${view.getUint32(FORMAT)} is not known`
    if (seq !== undefined && view.getFloat64(SEQ) !== seq) return `it is record ${view.getFloat64(SEQ)}`
    return new SpillRecord(bytes, view)
  }

  /** The next item; there must be one. */
  peek(): Frame {
    const length = this.#view.getUint32(this.#at)
    const start = this.#at + LENGTH
    return { bytes: this.#bytes.subarray(start, start + (length & ~RAW)), raw: length >= RAW }
  }

  /** Goes past it. */
  advance(): void {
    const size = LENGTH + (this.#view.getUint32(this.#at) & ~RAW)
    this.#at += size
    this.offset += size
    this.left--
    this.id++
  }
}
