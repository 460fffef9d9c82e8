import type { Mode } from './protocol.ts'

/** What the realm needs of the library, in the platform's words: that it fits them is what the suite is about. */
export interface Library {
  Flow: typeof ReadableStream
  Stage: typeof TransformStream
  map(fn: (item: unknown) => unknown): TransformStream
  transform(
    transformer: Transformer | undefined,
    options: { strategy?: QueuingStrategy | undefined; readableStrategy?: QueuingStrategy | undefined },
  ): TransformStream
}

type PipeTo = typeof ReadableStream.prototype.pipeTo
type PipeThrough = (
  this: ReadableStream,
  pair: ReadableWritablePair,
  options?: StreamPipeOptions,
) => ReadableStream

/** Puts the library's classes in the place of the platform's, as `mode` says. */
export function install(mode: Mode, library: Library | undefined): void {
  if (mode === 'platform' || library === undefined) return
  if (mode === 'engine') pipeThroughOperators(library)
  replace('ReadableStream', library.Flow)
  replace('TransformStream', mode === 'engine' ? operatorStage(library) : library.Stage)
}

function replace(name: string, value: unknown): void {
  // Not enumerable, as interfaces are.
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
}

/** `TransformStream` whose instances are `transform()` stages, which run in the library's own loop. */
function operatorStage({ Stage, transform }: Library): typeof TransformStream {
  const shim: typeof TransformStream = new Proxy(Stage, {
    construct(_, args, newTarget) {
      if (args.length === 0) return Reflect.construct(Stage, [], newTarget === shim ? Stage : newTarget)
      const [transformer, strategy, readableStrategy] = args
      const stage = transform(transformer, {
        ...(strategy !== undefined && { strategy }),
        ...(readableStrategy !== undefined && { readableStrategy }),
      })
      return newTarget === shim ? stage : Object.setPrototypeOf(stage, newTarget.prototype)
    },
  })
  return shim
}

/**
 * Puts an identity `map()` into every pipe, so that the tests about one pipe watch two with an operator between.
 *
 * To keep the contract of one pipe, each option goes to the pipe that touches the stream it is about:
 * `preventCancel` to the one that reads the source, `preventClose` and `preventAbort` to the one that writes the
 * destination. The signal goes to the second pipe as well: its promise is the one that is observed, it aborts the
 * destination with the signal's reason and cancels the stage, and the stage hands the cancel on to the first pipe.
 *
 * Whatever would make the call fail is left to the original method, so that no stream is locked by half a call.
 */
function pipeThroughOperators({ Flow, Stage, map }: Library): void {
  const isReadable = brandCheck(ReadableStream.prototype, 'locked')
  const isWritable = brandCheck(WritableStream.prototype, 'locked')
  const isSignal = brandCheck(AbortSignal.prototype, 'aborted')
  const original = Flow.prototype as unknown as { pipeTo: PipeTo; pipeThrough: PipeThrough }
  const { pipeTo, pipeThrough } = original
  // The library may call these methods itself on a source that has its operator already.
  const piped = new WeakSet<ReadableStream>()

  const canPipe = (
    source: ReadableStream,
    destination: WritableStream | undefined,
    options: StreamPipeOptions,
  ) => !source.locked && !destination?.locked && (options.signal === undefined || isSignal(options.signal))

  const throughOperator = (source: ReadableStream, { preventCancel }: StreamPipeOptions) => {
    piped.add(source)
    const operator = map(item => item)
    return preventCancel
      ? pipeThrough.call(source, operator, { preventCancel })
      : pipeThrough.call(source, operator)
  }

  original.pipeTo = function (this: ReadableStream, destination, options) {
    const untouched = () => pipeTo.call(this, destination, options)
    if (piped.has(this) || !isReadable(this) || !isWritable(destination) || !isDictionary(options))
      return untouched()
    try {
      options = readOptions(options)
    } catch (error) {
      return Promise.reject(error)
    }
    if (!canPipe(this, destination, options)) return untouched()
    return pipeTo.call(throughOperator(this, options), destination, withoutCancel(options))
  }

  original.pipeThrough = function (this: ReadableStream, pair, options) {
    const untouched = () => pipeThrough.call(this, pair, options)
    if (piped.has(this) || !isReadable(this) || Object(pair) !== pair || !isDictionary(options))
      return untouched()
    // Whoever asks a stage for its sides gets native streams, and the stage no longer runs in the library's loop.
    if (!(pair instanceof Stage)) {
      const { readable } = pair
      if (!isReadable(readable)) throw new TypeError('readable is not a ReadableStream')
      const { writable } = pair
      if (!isWritable(writable)) throw new TypeError('writable is not a WritableStream')
      pair = { readable, writable }
    }
    options = readOptions(options)
    if (!canPipe(this, pair instanceof Stage ? undefined : pair.writable, options)) return untouched()
    return pipeThrough.call(throughOperator(this, options), pair, withoutCancel(options))
  } as PipeThrough
}

function isDictionary(options: unknown): boolean {
  return options === undefined || options === null || Object(options) === options
}

/** Reads each option once, in the order of Web IDL. */
function readOptions(options: StreamPipeOptions | null | undefined): StreamPipeOptions {
  if (options === undefined || options === null) return {}
  const { preventAbort, preventCancel, preventClose, signal } = options
  return {
    ...(preventAbort && { preventAbort }),
    ...(preventCancel && { preventCancel }),
    ...(preventClose && { preventClose }),
    ...(signal !== undefined && { signal }),
  }
}

function withoutCancel({ preventCancel: _, ...options }: StreamPipeOptions): StreamPipeOptions {
  return options
}

/** Tells real instances of an interface from look-alikes, by a getter that only works on real ones. */
function brandCheck(prototype: object, getter: string): (value: unknown) => boolean {
  const { get } = Object.getOwnPropertyDescriptor(prototype, getter) ?? {}
  return value => {
    try {
      get?.call(value)
      return true
    } catch {
      return false
    }
  }
}
