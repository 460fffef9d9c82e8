/**
 * The few words in which the scenarios of synchronous pipelines are written, so that every library does the same
 * work. Each adapter says them in its library's own fastest way; `S` is what that library calls a stream.
 *
 * Item types are whatever the caller's functions say: no adapter looks into an item.
 */
export interface Verbs<S> {
  range(count: number): S
  list<T>(items: readonly T[]): S
  map<I, O>(source: S, fn: (item: I) => O): S
  filter<I>(source: S, keep: (item: I) => boolean): S
  scan<I, A>(source: S, fn: (value: A, item: I) => A, initial: A): S
  flatMap<I, O>(source: S, fn: (item: I) => readonly O[]): S
  take(source: S, count: number): S
  /** Missing where the library has no such operator. */
  batch?(source: S, size: number): S
  flatten?(source: S): S
  fold<I>(source: S, fn: (sum: number, item: I) => number): Promise<number>
  /** Throws if the pipeline that ran last has lost count of its items, in a library that counts them. */
  audit?(): void
}
