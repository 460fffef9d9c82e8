import type { Outlet } from './outlet.ts'
import type { Downstream, Producer } from './protocol.ts'
import { ReaderProducer } from './reader-run.ts'

// A property costs a short pipeline much less than a WeakMap, whose entries the garbage collector has to follow.
const OUTLET = Symbol('outlet')
type Filled<T> = ReadableStream<T> & { [OUTLET]?: Outlet<T> }

/** Makes a flow known whose items can be taken without going through the platform's stream. */
export function register<T>(flow: ReadableStream<T>, outlet: Outlet<T>): void {
  ;(flow as Filled<T>)[OUTLET] = outlet
  outlet.stream = flow
}

/** The outlet of a flow that a chain fills; undefined for every other stream. */
export function outletOf<T>(stream: ReadableStream<T>): Outlet<T> | undefined {
  return (stream as Filled<T>)[OUTLET]
}

/**
 * Locks a stream and gives its items: straight from its chain where it has one that nobody has read from yet, else
 * through its reader.
 * @throws {TypeError} The stream is locked.
 */
export function takeOver<T>(stream: ReadableStream<T>, preventCancel = false): Producer<T> {
  const outlet = outletOf(stream)
  // A stream that is to be read further keeps its items in the platform's stream.
  if (preventCancel) outlet?.open()
  // The platform's own method: a Flow's opens the flow for reading.
  const getReader = () => ReadableStream.prototype.getReader.call(stream) as ReadableStreamDefaultReader<T>
  return outlet && !outlet.opened
    ? outlet.lock(getReader)
    : new ReaderProducer(getReader(), preventCancel, stream)
}

/** What a flow was piped into, split into, or made the source of. */
export type Into =
  | ReadableWritablePair
  | WritableStream
  | ReadableStream
  | readonly ReadableStream[]
  | Downstream<never>

const INTO = Symbol('into')
/** The flow that the platform has piped into what gives this one, or that it was split from. For `explain`. */
export const FROM = Symbol('from')

/** A stream with what it goes into, and comes from. */
export interface Joined {
  [INTO]?: Into
  [FROM]?: ReadableStream
}

/** Remembers what a flow was piped into: of use while it is locked, for `explain`, which could not see it. */
export function join(stream: ReadableStream, into: Into): void {
  const outlet = outletOf(stream)
  // A further property of a stream costs a short pipeline more than a field that is there.
  if (outlet) outlet.into = into
  else (stream as Joined)[INTO] = into
}

/** What a stream was piped into, if it is known. */
export function intoOf(stream: ReadableStream): Into | undefined {
  return outletOf(stream)?.into ?? (stream as Joined)[INTO]
}
