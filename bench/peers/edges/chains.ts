/** A chain of maps from a stream to a stream, as a library makes it. */
export type Chain = <T>(source: ReadableStream<T>, maps: readonly ((item: T) => T)[]) => ReadableStream<T>
