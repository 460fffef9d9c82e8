/** How keys and values are written: what every `abstract-level` database understands; other stores may ignore it. */
export interface SpillEncodings {
  readonly keyEncoding: 'utf8'
  readonly valueEncoding: 'view'
}

/** One change of a store. */
export type SpillOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string }

/** A range of keys, in the order of their bytes; keys are ASCII. */
export interface SpillRange {
  readonly gte: string
  readonly lt: string
  readonly reverse?: boolean
  readonly limit: number
  readonly keyEncoding: 'utf8'
}

/**
 * Where {@link spill} keeps items: any `abstract-level` database or sublevel (`classic-level`, `browser-level`,
 * `memory-level`, …), or an object with these three methods over anything else that keeps keys in order.
 */
export interface SpillStore {
  /**
   * Makes all changes or none, even if the process dies meanwhile; settles once they outlive the process. With `sync`,
   * once they outlive the machine too. Started in the order of the calls, one at a time.
   */
  batch(operations: SpillOperation[], options: SpillEncodings & { readonly sync: boolean }): Promise<unknown>
  /** The values of some keys, in their order; undefined where there is none. */
  getMany(keys: string[], options: SpillEncodings): Promise<(Uint8Array | undefined)[]>
  /** The keys of a range, at most `limit` of them; from its end with `reverse`. */
  keys(range: SpillRange): AsyncIterable<string>
}
