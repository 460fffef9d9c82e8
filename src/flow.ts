import { FlowIterator } from './engine/flow-iterator.ts'
import { FlowReader } from './engine/flow-reader.ts'
import { gated } from './engine/gate.ts'
import { Outlet } from './engine/outlet.ts'
import { type PipeOptions, pipe } from './engine/pipe.ts'
import { produce } from './engine/produce.ts'
import type { Producer } from './engine/protocol.ts'
import { sinkCoreOf } from './engine/sink-core.ts'
import { coreOf } from './engine/stage-core.ts'
import { FROM, type Joined, join, outletOf, register, takeOver } from './engine/take-over.ts'
import { checkOptions, checkSignal, show } from './internal/check.ts'
import type {
  ReadableStreamAsyncIterator,
  ReadableStreamGetReaderOptions,
  ReadableStreamIteratorOptions,
  ReadableStreamReader,
  StreamPipeOptions,
  UnderlyingByteSource,
  UnderlyingDefaultSource,
  UnderlyingSource,
} from './internal/platform-types.ts'

/**
 * A `ReadableStream` that remembers the stages piped onto it until somebody reads, so that neighbouring stages run as
 * one loop. Everything that takes a ReadableStream takes a Flow: `new Response(flow)`, `tee`, `getReader`, transfer.
 *
 * `new Flow(underlyingSource, strategy)` is `new ReadableStream(underlyingSource, strategy)` (Streams Standard,
 * section 4.2). To make a flow of items that are at hand, use {@link from}.
 * @example
 * ```ts
 * const flow = new Flow<string>({
 *   start(controller) {
 *     controller.enqueue('a')
 *     controller.close()
 *   },
 * })
 * await toArray(flow.pipeThrough(map(text => text.toUpperCase()))) // => ['A']
 * ```
 */
export class Flow<T = unknown> extends ReadableStream<T> {
  constructor(underlyingSource: UnderlyingByteSource, strategy?: { highWaterMark?: number })
  constructor(underlyingSource: UnderlyingDefaultSource<T>, strategy?: QueuingStrategy<T>)
  constructor(underlyingSource?: UnderlyingSource<T>, strategy?: QueuingStrategy<T>)
  constructor(underlyingSource?: unknown, strategy?: QueuingStrategy<T>) {
    super(underlyingSource as UnderlyingSource<T>, strategy)
  }

  /**
   * `ReadableStream.from` (Streams Standard, section 4.2.3), also where the platform lacks it. {@link from} takes
   * more.
   * @throws {TypeError} The value is neither iterable nor async iterable.
   */
  static from<T>(iterable: Iterable<T | PromiseLike<T>> | AsyncIterable<T>): Flow<Awaited<T>> {
    return flowOf(produce<Awaited<T>>('Flow.from: the argument', iterable))
  }

  // An accessor of its own, as the standard's class has.
  override get locked(): boolean {
    return super.locked
  }

  // Internal, so that the packed types inherit it: the readers of a stream of @types/bun are not those of its global scope.
  /** As `ReadableStream.getReader` (Streams Standard, section 4.2.4): of a chain, each read pulls one item. @internal */
  override getReader(options: { mode: 'byob' }): ReadableStreamBYOBReader
  /** As `ReadableStream.getReader` (Streams Standard, section 4.2.4): of a chain, each read pulls one item. @internal */
  override getReader(): ReadableStreamDefaultReader<T>
  /** As `ReadableStream.getReader` (Streams Standard, section 4.2.4). @internal */
  override getReader(options?: ReadableStreamGetReaderOptions): ReadableStreamReader<T>
  override getReader(options?: ReadableStreamGetReaderOptions): ReadableStreamReader<T> {
    const outlet = outletOf(this)
    const reader =
      outlet && options === undefined
        ? new FlowReader(this, outlet)
        : super.getReader(options as ReadableStreamGetReaderOptions)
    outlet?.open()
    return reader
  }

  /**
   * Pipes into a stage or any other pair of streams (Streams Standard, section 4.2.4) and gives the readable side.
   * Into a stage of this library nothing flows until somebody reads; the stages piped onto each other run as one.
   */
  override pipeThrough<O>(transform: ReadableWritablePair<O, T>, options?: StreamPipeOptions): Flow<O> {
    const core = coreOf(transform)
    const locked = super.locked
    if (!core && !('readable' in Object(transform))) {
      const given = transform instanceof WritableStream ? 'a WritableStream; use pipeTo' : show(transform)
      const hint = typeof transform === 'function' ? '; did you mean map(fn)?' : ''
      throw new TypeError(`pipeThrough: a stage is expected, received ${given}${hint}`)
    }
    if (locked) throw lockedError()
    if (core?.taken) {
      throw new TypeError(
        `${core.name}: the stage is in use already; to use it again, write a function that returns a new one`,
      )
    }
    join(this, transform)
    if (!core?.fusible) return adopt(super.pipeThrough(transform, options), this)
    const given = read(options)
    // A stage that outlives its pipe is fed by the platform's pipe, through its writable.
    if (given.preventAbort || given.preventClose) return adopt(super.pipeThrough(transform, given), this)
    const { signal } = given
    checkSignal('pipeThrough: signal', signal)
    const producer = takeOver(this, given.preventCancel)
    core.attach(signal === undefined ? producer : gated('pipeThrough', producer, { signal }))
    return adopt(transform.readable)
  }

  /** Pipes into a WritableStream (Streams Standard, section 4.2.4); with at most 1,024 writes under way. */
  override pipeTo(destination: WritableStream<T>, options?: StreamPipeOptions): Promise<void> {
    const stage = coreOf(destination as unknown as ReadableWritablePair)
    if (stage || typeof destination !== 'object' || destination === null) {
      const given = stage ? 'a stage; use pipeThrough' : show(destination)
      return Promise.reject(new TypeError(`pipeTo: a WritableStream is expected, received ${given}`))
    }
    try {
      const given = read(options)
      const { preventAbort, preventCancel, preventClose, signal } = given
      const outlet = outletOf(this)
      if (super.locked) throw lockedError()
      if (!destination.locked) join(this, destination)
      if (destination instanceof WritableStream && !destination.locked && !preventCancel) {
        const core = sinkCoreOf(destination)
        const known = !signal || signal instanceof AbortSignal
        if (core?.fresh && !preventAbort && !preventClose && known) return core.pour(takeOver(this), signal)
        if (outlet && !outlet.opened && known) {
          // The platform's own method: a stage's writable answers its own writers as an inbox does.
          const writer = WritableStream.prototype.getWriter.call(destination)
          return pipe(takeOver(this), writer as WritableStreamDefaultWriter<T>, given)
        }
      }
      // So that an ending of the chain shows even while the destination wants nothing.
      outlet?.open()
      return super.pipeTo(destination, given)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Two flows of the same items. As everywhere on the platform, the slower branch queues without bound. */
  override tee(): [Flow<T>, Flow<T>] {
    const [left, right] = super.tee()
    join(this, [left, right])
    return [adopt(left, this), adopt(right, this)]
  }

  /** What `for await` uses; leaving the loop cancels the flow, unless `preventCancel` is set. */
  override values(options?: ReadableStreamIteratorOptions): ReadableStreamAsyncIterator<T> {
    const outlet = outletOf(this)
    // A flow that is to be read further after the loop keeps its items in the platform's stream.
    if (!outlet || outlet.opened || this.locked || options?.preventCancel) return super.values(options)
    return new FlowIterator(takeOver(this)) as unknown as ReadableStreamAsyncIterator<T>
  }

  /** The same as {@link values}. */
  override [Symbol.asyncIterator](options?: ReadableStreamIteratorOptions): ReadableStreamAsyncIterator<T> {
    return this.values(options)
  }
}

/** A flow that a chain fills, one item per pull and none ahead. */
export function flowOf<T>(producer: Producer<T>): Flow<T> {
  return flowAt(new Outlet(producer))
}

/** The flow at the end of a chain. With a strategy of its own the platform's stream queues, and pulls ahead. */
export function flowAt<T>(outlet: Outlet<T>, strategy?: QueuingStrategy<T>): Flow<T> {
  if (strategy) outlet.hoard()
  const flow = new Flow<T>(outlet.source(), strategy ?? { highWaterMark: 0 })
  register(flow, outlet)
  return flow
}

/** Makes a platform stream a Flow, in place; `from` is the flow that it comes from. */
export function adopt<T>(stream: ReadableStream<T>, from?: ReadableStream): Flow<T> {
  if (from) (stream as Joined)[FROM] = from
  if (stream instanceof Flow) return stream
  // Some platforms give the streams they make themselves a constructor of their own.
  if (Object.hasOwn(stream, 'constructor')) Reflect.deleteProperty(stream, 'constructor')
  return Object.setPrototypeOf(stream, Flow.prototype)
}

function lockedError(): TypeError {
  return new TypeError('pipe: the flow is locked: it is in use already; tee() makes two of one')
}

/** Reads each member once, in the order of Web IDL, where truthy is true. */
function read(options: StreamPipeOptions | undefined): PipeOptions {
  if (options !== undefined && options !== null) checkOptions('pipe', options)
  const { preventAbort, preventCancel, preventClose, signal } = options ?? {}
  const given = {
    preventAbort: Boolean(preventAbort),
    preventCancel: Boolean(preventCancel),
    preventClose: Boolean(preventClose),
  }
  // Absent, not undefined: some platforms take that for a signal.
  return signal === undefined ? given : { ...given, signal }
}
