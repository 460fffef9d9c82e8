import type { IntakeOptions } from '../../engine/refusals.ts'
import type { SpillError } from '../../errors.ts'
import { checkFunction, checkInteger, checkOptions, show } from '../../internal/check.ts'
import { PORT, type Strategy } from '../../strategy.ts'
import type { Frame } from './record.ts'
import type { SpillPlan } from './spill-plan.ts'
import { SpillPort } from './spill-port.ts'
import type { SpillStore } from './spill-store.ts'

/** How items are written into a store, and read from it. */
export interface SpillCodec<T> {
  /** Gives the bytes of an item; if it throws, the item is refused with that very value. */
  readonly encode: (item: T) => Uint8Array
  /** Gives an item of its bytes, which it must not change; if it throws, the item counts as corrupt. */
  readonly decode: (bytes: Uint8Array) => T
}

/** Options of {@link spill}. */
export interface SpillOptions<T> {
  /**
   * Items that are in memory at the most, of those that wait to be worked on; and again as many on their way into the
   * store. Default: 1,000.
   */
  readonly memory?: number
  /** Bytes of the items that wait to be worked on, at the most: as `codec` writes them, and 4 for each. Default: no limit. */
  readonly maxBytes?: number
  /**
   * What becomes of an item that `maxBytes` has no room for: it waits, or is refused with `QueueFullError` as by `reject`.
   * Default: wait.
   */
  readonly whenFull?: 'wait' | 'reject'
  /** Name in the keys of the store: each stage needs one of its own. Default: `spill`. */
  readonly prefix?: string
  /**
   * Whether an acknowledged item survives the machine too (power loss), not only the process: the store waits for the
   * disk, once for all items that came meanwhile. Default: false.
   */
  readonly sync?: boolean
  /** How items are written. Default: JSON, and a `Uint8Array` as its own bytes. */
  readonly codec?: SpillCodec<T>
  /**
   * Called with what is wrong with a record, or with one item, that cannot be read; the stage then goes on without it.
   * If it throws, the stage fails with that very value. Default: the stage fails with the error, and the store keeps
   * what it has.
   */
  readonly onCorrupt?: (error: SpillError) => void
}

/**
 * Items that do not fit in memory go to a store, in order, and come back in order. The writer waits only until the store
 * has its item: from then on a crash of the process does not lose it, and the next stage that is made on the store
 * begins with what the one before it has left.
 *
 * - **Acknowledged** is what `writer.write()` or `channel.send()` has resolved for. `trySend()` and a pipe take items that
 *   are not in the store yet, at most `memory`; if they cannot get there the stage fails with `SpillError`, unless
 *   `onReject` takes it. A `timeout` or `signal` of `send()` ends the wait for room, not for the store.
 * - **Leaves the store** once the stage has finished with it: put the work into the stage that has the strategy. What
 *   goes from there to another stage that spills is in neither store on its way. After a crash, what was at work
 *   comes again, with at most `memory` items that were finished with: at least once, in order. After an ending of any
 *   other kind only what was not finished with comes again, and with it an item whose function failed. With
 *   `ordered: false` it is as after a crash.
 * - **Holds** in memory at most `2 * memory` items, all others in the store. **Waits** while `maxBytes` are stored.
 * - **Gives** what `decode` makes of the stored bytes, always, so that an item is the same however it came.
 * - **One at a time** uses a store and prefix: a second stage is refused in one process; between processes or tabs the
 *   database has to do that, as `classic-level` does. One that is made when the stage before is through, but has still to
 *   tell the store what it finished with, waits for that.
 * - **On cancel or abort** what is in the store stays there; `stats()` of this run counts it as `discarded`. Both settle
 *   when the store is not used any more.
 * - **On error** of the store: `SpillError` with `ERR_SPILL_STORE` for exactly the items that it did not take, or with
 *   `ERR_SPILL_CORRUPT` for a record that cannot be read.
 *
 * `stats().queued` counts items in memory and in the store; `capacity` and `utilization` are about `maxBytes`.
 *
 * @param store Any `abstract-level` database: `classic-level` on Node, Deno and Bun, `browser-level` in the browser.
 * @throws {TypeError} The store lacks a method. At the stage: another one uses the store with this prefix.
 * @throws {RangeError} `memory` is not a positive integer, or `maxBytes` is not above 0.
 * @example
 * ```ts
 * import { channel, spill, toArray } from 'sluice'
 * import { MemoryLevel } from 'memory-level' // in real life: new ClassicLevel('./jobs') of classic-level
 *
 * const jobs = channel<string>(spill(new MemoryLevel(), { memory: 100 }))
 * await jobs.send('a') // stored
 * jobs.trySend('b') // => true
 * jobs.close()
 * await toArray(jobs.readable) // => ['a', 'b']
 * ```
 */
export function spill<T>(store: SpillStore, options: SpillOptions<T> = {}): Strategy<T> {
  for (const method of ['batch', 'getMany', 'keys'] as const) {
    if (typeof store?.[method] !== 'function') {
      throw new TypeError(
        `spill: store must be an abstract-level database or have batch, getMany and keys, received ${show(store)}`,
      )
    }
  }
  checkOptions('spill', options)
  const { memory = 1000, maxBytes = Infinity, whenFull = 'wait', prefix = 'spill' } = options
  const { sync = false, codec, onCorrupt } = options
  checkInteger('spill: memory', memory, 1)
  if (!(typeof maxBytes === 'number' && maxBytes > 0)) {
    throw new RangeError(`spill: maxBytes must be a positive number, received ${show(maxBytes)}`)
  }
  if (whenFull !== 'wait' && whenFull !== 'reject') {
    throw new TypeError(`spill: whenFull must be 'wait' or 'reject', received ${show(whenFull)}`)
  }
  if (typeof prefix !== 'string' || prefix === '' || prefix.includes('/')) {
    throw new TypeError(
      `spill: prefix must be a string of its own, without a slash, received ${show(prefix)}`,
    )
  }
  if (typeof sync !== 'boolean') {
    throw new TypeError(`spill: sync must be true or false, received ${show(sync)}`)
  }
  if (codec !== undefined) {
    checkOptions('spill: codec', codec)
    checkFunction('spill: codec.encode', codec.encode)
    checkFunction('spill: codec.decode', codec.decode)
  }
  if (onCorrupt !== undefined) checkFunction('spill: onCorrupt', onCorrupt)
  const plan: SpillPlan<T> = {
    store,
    prefix,
    memory,
    maxBytes,
    sync,
    whenFull,
    onCorrupt,
    ...(codec ? framed(codec) : framedAsJson<T>()),
  }
  return Object.freeze({
    mode: 'spill' as const,
    highWaterMark: memory,
    [PORT]: (stage: IntakeOptions<T>, line?: unknown) => {
      if (line) throw new TypeError(`${stage.name}: spill keeps the order of the items; it takes no priority`)
      return new SpillPort<T>(plan, stage)
    },
  })
}

type Framing<T> = Pick<SpillPlan<T>, 'encode' | 'decode'>

function framed<T>(codec: SpillCodec<T>): Framing<T> {
  return {
    encode: item => {
      const bytes = codec.encode(item)
      if (bytes instanceof Uint8Array) return { bytes, raw: false }
      throw new TypeError(`spill: codec.encode must give a Uint8Array, received ${show(bytes)}`)
    },
    decode: ({ bytes }) => codec.decode(bytes),
  }
}

function framedAsJson<T>(): Framing<T> {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  return {
    encode: (item): Frame => {
      // Copies, also of Node's buffers: the writer may use its bytes again, and the reader may keep or move what it gets.
      if (item instanceof Uint8Array) return { bytes: new Uint8Array(item), raw: true }
      const json = JSON.stringify(item)
      if (json === undefined) throw new TypeError(`spill: the item has no JSON, received ${show(item)}`)
      return { bytes: encoder.encode(json), raw: false }
    },
    decode: ({ bytes, raw }) => (raw ? new Uint8Array(bytes) : JSON.parse(decoder.decode(bytes))) as T,
  }
}
