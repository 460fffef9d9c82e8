import { Ring } from '../../internal/ring.ts'
import { type Frame, SpillRecord, sizeOf } from './record.ts'
import type { SpillEncodings, SpillOperation, SpillStore } from './spill-store.ts'

const ENCODINGS: SpillEncodings = { keyEncoding: 'utf8', valueEncoding: 'view' }
/** A record takes no further item beyond so many bytes: it is read back as a whole. */
const MAX_BYTES = 1 << 18
/** Records read at once at the most. */
const MAX_READ = 256

/** Items of one record that were taken one after the other. */
interface Span {
  readonly seq: number
  /** Where the first of them stands in the queue, and how many were taken in this run before it. */
  readonly id: number
  readonly offset: number
  readonly start: number
  /** How many were taken up to its last one; Infinity while it is being taken from. */
  end: number
}

/** A record that cannot be read. */
export interface Damage {
  readonly key: string
  readonly bytes: Uint8Array | undefined
  readonly what: string
}

/**
 * A queue in a store: records of items under ascending numbers, and a cursor behind the items that are finished with.
 * Its head is in memory, as bytes. One change of the store at a time brings the records that come, takes away those
 * whose items are all finished with, and moves the cursor.
 */
export class SpillLog {
  readonly #store: SpillStore
  readonly #prefix: string
  readonly #memory: number
  readonly #sync: boolean
  /** Numbers of records: the first one in the store, the next one to be read, and the next one to be written. */
  #keptSeq = 0
  #readSeq = 0
  #tailSeq = 0
  /** Behind the last number that a failed change may have written all the same. */
  #triedSeq = 0
  readonly #head = { id: 0, offset: 0 }
  readonly #tail = { id: 0, offset: 0 }
  /** Records in memory that have items to be taken. */
  readonly #cache = new Ring<SpillRecord>()
  /** Items in memory. */
  cached = 0
  /** What was taken and is not recorded as finished with. */
  readonly #spans = new Ring<Span>()
  #span: Span | undefined
  /** Items taken in this run. */
  taken = 0
  /** Those of them that the store knows to be finished with. */
  recorded = 0
  /** Shows once everything before it has been taken. */
  damage: Damage | undefined
  /** When the store was asked what it has not answered, by `performance.now()`; 0: nothing. */
  #readAt = 0
  #writeAt = 0
  /** Told how many items went missing with records that could not be read. */
  readonly #onLost: (items: number) => void

  constructor(
    store: SpillStore,
    prefix: string,
    memory: number,
    sync: boolean,
    onLost: (items: number) => void,
  ) {
    this.#store = store
    this.#prefix = prefix
    this.#memory = memory
    this.#sync = sync
    this.#onLost = onLost
  }

  /** Items not taken yet. */
  get length(): number {
    return this.#tail.id - this.#head.id
  }

  /** Their bytes. */
  get bytes(): number {
    return this.#tail.offset - this.#head.offset
  }

  /** Whether there is something to read, and room for it. */
  get thirsty(): boolean {
    return this.#readSeq < this.#tailSeq && !this.damage && this.cached <= this.#memory >> 1
  }

  /** Whether there are records that nobody has looked at: damaged ones at the end hold no item that is known of. */
  get unread(): boolean {
    return this.#readSeq < this.#tailSeq
  }

  /** Key of the next item's record. */
  get key(): string {
    return this.#keyOf(this.#nextSeq)
  }

  /** Finds what an earlier run has left, once `free`. Calls `found` in the moment in which its items count. */
  async open(found: () => void, free?: Promise<void>): Promise<void> {
    this.#readAt = performance.now()
    if (free) await free
    const [bytes] = await this.#store.getMany([`${this.#prefix}/cursor`], ENCODINGS)
    const cursor = SpillRecord.read(bytes)
    // A cursor that cannot be read is as good as none: what is there is given from its beginning.
    const known = typeof cursor !== 'string'
    const first = known ? cursor.seq : ((await this.#edge(0, false)) ?? 0)
    const last = (await this.#edge(first, true)) ?? first - 1
    const head = known ? cursor.end : ((await this.#sound(first, last + 1, 1)) ?? this.#head)
    const tail = (await this.#sound(last, first - 1, -1))?.end ?? head
    this.#keptSeq = this.#readSeq = first
    this.#tailSeq = last + 1
    Object.assign(this.#head, { id: head.id, offset: head.offset })
    Object.assign(this.#tail, tail)
    this.#readAt = 0
    found()
  }

  /** Since when the store has owed an answer, if it does. */
  get owedSince(): number | undefined {
    return this.#writeAt || this.#readAt || undefined
  }

  /** The next item, if it is in memory. */
  peek(): Frame | undefined {
    return this.#cache.peek()?.peek()
  }

  /** Takes it. */
  take(): void {
    const { seq, id, offset } = this.#cache.peek() as SpillRecord
    if (this.#span?.seq !== seq) {
      this.#closeSpan()
      this.#span = { seq, id, offset, start: this.taken, end: Infinity }
      this.#spans.push(this.#span)
    }
    this.taken++
    this.#advance()
  }

  /** Goes past it: it is of no use. */
  skip(): void {
    this.#closeSpan()
    this.#onLost(1)
    this.#advance()
  }

  #advance(): void {
    const record = this.#cache.peek() as SpillRecord
    // What records that were passed had held shows by the next one.
    const lost = record.id - this.#head.id
    if (lost > 0) this.#onLost(lost)
    record.advance()
    this.#head.id = record.id
    this.#head.offset = record.offset
    this.cached--
    if (record.left === 0) this.#cache.shift()
  }

  #closeSpan(): void {
    if (this.#span) this.#span.end = this.taken
    this.#span = undefined
  }

  /** Reads on. */
  async fill(): Promise<void> {
    const records = this.#tailSeq - this.#readSeq
    const perRecord = Math.max(1, (this.length - this.cached) / records)
    const room = Math.floor((this.#memory - this.cached) / perRecord)
    const seqs = Array.from(
      { length: Math.min(records, MAX_READ, Math.max(1, room)) },
      (_, n) => this.#readSeq + n,
    )
    this.#readAt = performance.now()
    const values = await this.#store.getMany(
      seqs.map(seq => this.#keyOf(seq)),
      ENCODINGS,
    )
    this.#readAt = 0
    for (const [at, seq] of seqs.entries()) {
      const record = SpillRecord.read(values[at], seq)
      if (typeof record === 'string') {
        this.damage = { key: this.#keyOf(seq), bytes: values[at], what: record }
        return
      }
      // The cursor of an earlier run may stand in the midst of its first record.
      while (record.left > 0 && record.id < this.#head.id) record.advance()
      if (record.id === this.#head.id) this.#head.offset = record.offset
      if (!this.#keep(record)) return
    }
  }

  /** Goes past the record that cannot be read. How many items it held shows by the next one, or by the queue's end. */
  pass(): void {
    this.damage = undefined
    this.#readSeq++
    if (this.#readSeq < this.#tailSeq) return
    if (this.length > 0) this.#onLost(this.length)
    Object.assign(this.#head, this.#tail)
  }

  /** Keeps a record in memory, if it has room there; a whole one always has, even of a run that had more memory. */
  #keep(record: SpillRecord): boolean {
    if (this.cached > 0 && this.cached + record.left > this.#memory) return false
    this.#readSeq++
    this.cached += record.left
    if (record.left > 0) this.#cache.push(record)
    return true
  }

  /**
   * Stores items behind the others, and that a number of taken ones, from the first, are finished with: all of it or
   * nothing. Calls `written` in the moment in which they count.
   */
  async write(frames: readonly Frame[], finished: number, written: () => void): Promise<void> {
    const operations: SpillOperation[] = []
    const end = { ...this.#tail }
    let seq = this.#tailSeq
    const records: SpillRecord[] = []
    for (const some of this.#portions(frames)) {
      const [record, value] = SpillRecord.of(seq, end, some)
      operations.push({ type: 'put', key: this.#keyOf(seq++), value })
      records.push(record)
      Object.assign(end, record.end)
    }
    for (let stale = seq; stale < this.#triedSeq; stale++) {
      operations.push({ type: 'del', key: this.#keyOf(stale) })
    }
    const cursor = this.#cursor(finished)
    for (let done = this.#keptSeq; done < cursor.seq; done++) {
      operations.push({ type: 'del', key: this.#keyOf(done) })
    }
    if (finished > this.recorded || cursor.seq > this.#keptSeq) {
      const [, value] = SpillRecord.of(cursor.seq, cursor, [])
      operations.push({ type: 'put', key: `${this.#prefix}/cursor`, value })
    }
    this.#triedSeq = Math.max(this.#triedSeq, seq)
    // That something is finished with may be lost with the power: it is given again.
    this.#writeAt = performance.now()
    try {
      await this.#store.batch(operations, { ...ENCODINGS, sync: this.#sync && frames.length > 0 })
    } finally {
      this.#writeAt = 0
    }
    this.#triedSeq = this.#tailSeq = seq
    this.#keptSeq = cursor.seq
    this.recorded = finished
    Object.assign(this.#tail, end)
    for (const record of records) if (record.seq === this.#readSeq && !this.#keep(record)) break
    written()
  }

  /** Whether the store is to be told of what is finished with, or of a record that was passed. */
  behind(finished: number): boolean {
    return finished > this.recorded || (finished === this.taken && this.#nextSeq > this.#keptSeq)
  }

  /** The record of the next item. */
  get #nextSeq(): number {
    return this.#cache.peek()?.seq ?? this.#readSeq
  }

  /** What goes into one record each: a quarter of what the memory holds at the most. */
  *#portions(frames: readonly Frame[]): Iterable<readonly Frame[]> {
    const most = Math.max(1, this.#memory >> 2)
    let start = 0
    let bytes = 0
    for (const [at, frame] of frames.entries()) {
      if (at - start === most || (at > start && bytes + sizeOf(frame) > MAX_BYTES)) {
        yield frames.slice(start, at)
        start = at
        bytes = 0
      }
      bytes += sizeOf(frame)
    }
    if (start < frames.length) yield frames.slice(start)
  }

  /** Behind the items that are finished with: the record and the place to go on from. */
  #cursor(finished: number): { readonly seq: number; readonly id: number; readonly offset: number } {
    if (finished === this.taken) {
      this.#spans.clear()
      this.#span = undefined
      return { seq: this.#nextSeq, ...this.#head }
    }
    while ((this.#spans.peek() as Span).end <= finished) this.#spans.shift()
    const { seq, id, offset, start } = this.#spans.peek() as Span
    return { seq, id: id + finished - start, offset }
  }

  #keyOf(seq: number): string {
    return `${this.#prefix}/${String(seq).padStart(16, '0')}`
  }

  /** The first or the last record from a number on. */
  async #edge(from: number, reverse: boolean): Promise<number | undefined> {
    const range = { gte: this.#keyOf(from), lt: `${this.#prefix}/:`, reverse, limit: 1 }
    for await (const key of this.#store.keys({ ...range, keyEncoding: 'utf8' })) {
      return Number(key.slice(this.#prefix.length + 1))
    }
    return undefined
  }

  /** The first record that can be read, going through the numbers before `to` one way or the other. */
  async #sound(from: number, to: number, step: 1 | -1): Promise<SpillRecord | undefined> {
    for (let seq = from; seq !== to; seq += step) {
      const [bytes] = await this.#store.getMany([this.#keyOf(seq)], ENCODINGS)
      const record = SpillRecord.read(bytes, seq)
      if (typeof record !== 'string') return record
    }
    return undefined
  }
}
