/**
 * Names of the platform's types that `lib: ["dom"]` has, but `@types/node` or Deno keep from the global scope. They are
 * taken from the classes, which are global everywhere, so that each user gets those of their own platform.
 */

export type StreamPipeOptions = NonNullable<Parameters<ReadableStream['pipeTo']>[1]>

// Before TypeScript 6 the async iterator is in `lib: ["dom.asynciterable"]`, which the templates of many tools leave out.
// biome-ignore-start lint/suspicious/noExplicitAny: only what is inferred counts
export type ReadableStreamIteratorOptions = ReadableStream extends { values(options?: infer O): any }
  ? NonNullable<O>
  : { preventCancel?: boolean }

export type ReadableStreamAsyncIterator<T> =
  ReadableStream<T> extends { values(...given: any[]): infer I } ? I : AsyncIterableIterator<T>
// biome-ignore-end lint/suspicious/noExplicitAny: as above

export type ReadableStreamReader<T> = ReadableStreamDefaultReader<T> | ReadableStreamBYOBReader

export interface ReadableStreamGetReaderOptions {
  mode?: 'byob'
}

export type UnderlyingSource<T> = NonNullable<ConstructorParameters<typeof ReadableStream<T>>[0]>

export interface UnderlyingDefaultSource<T> {
  type?: undefined
  start?(controller: ReadableStreamDefaultController<T>): unknown
  pull?(controller: ReadableStreamDefaultController<T>): void | PromiseLike<void>
  // biome-ignore lint/suspicious/noExplicitAny: as the platform's own
  cancel?(reason?: any): void | PromiseLike<void>
}

export interface UnderlyingByteSource {
  type: 'bytes'
  autoAllocateChunkSize?: number
  start?(controller: ReadableByteStreamController): unknown
  pull?(controller: ReadableByteStreamController): void | PromiseLike<void>
  // biome-ignore lint/suspicious/noExplicitAny: as the platform's own
  cancel?(reason?: any): void | PromiseLike<void>
}

export type Transformer<I, O> = NonNullable<ConstructorParameters<typeof TransformStream<I, O>>[0]>

/** What a function of the platform that posts or clones takes to be moved: a list, or the list of its options. */
type Moved<O> = O extends { transfer?: readonly (infer T)[] } ? T : O extends readonly (infer T)[] ? T : never

/**
 * What can be moved to another thread instead of being copied. Asked of two, as in a page that has `@types/node` besides
 * `structuredClone` is Node's, which knows no images.
 */
export type Transferable =
  | Moved<NonNullable<Parameters<typeof structuredClone>[1]>>
  | Moved<NonNullable<Parameters<(typeof MessagePort)['prototype']['postMessage']>[1]>>

/** A web worker, as far as a stage uses it: `Worker` where there are any. */
export interface WebWorker {
  // biome-ignore lint/suspicious/noExplicitAny: a message is anything that can be cloned
  postMessage(message: any, transfer: any[]): void
  terminate(): void
  // biome-ignore lint/suspicious/noExplicitAny: each type has events of its own
  addEventListener(type: string, listener: (event: any) => void): void
  // biome-ignore lint/suspicious/noExplicitAny: see above
  removeEventListener(type: string, listener: (event: any) => void): void
}

/** `navigator.locks`, where there is one. */
export interface Locks {
  request(name: string, taken: () => Promise<unknown>): Promise<unknown>
  request(name: string, options: { signal: AbortSignal }, taken: () => void): Promise<unknown>
}
