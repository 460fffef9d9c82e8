import { Collector } from '../engine/collector.ts'
import type { Gated } from '../engine/gate.ts'
import { Operator } from '../engine/operator.ts'
import { Outlet } from '../engine/outlet.ts'
import type { Producer, Upstream } from '../engine/protocol.ts'
import { ReaderProducer } from '../engine/reader-run.ts'
import { sinkCoreOf } from '../engine/sink-core.ts'
import { coreOf, StageCore } from '../engine/stage-core.ts'
import { FROM, intoOf, type Joined, outletOf } from '../engine/take-over.ts'
import type { Chain, Place } from './place.ts'
import {
  type AnyCore,
  type AnyOutlet,
  collectorPlace,
  ownSinkPlace,
  pairPlace,
  pipeIsOver,
  readablePlace,
  readerPlace,
  sourcePlace,
  stagePlace,
  takerPlace,
  teePlace,
  writablePlace,
  writerPlace,
} from './places.ts'

type Stream = ReadableStream<unknown>

/** The chain around a flow, a stage or a sink; undefined for anything else. */
export function walk(x: unknown): Chain | undefined {
  const seen: Seen = new WeakSet()
  const around = (stream: Stream): Chain => lift(stream, descend(stream, seen), seen)
  if (x instanceof ReadableStream) return around(x)
  if (x instanceof WritableStream) {
    const core = sinkCoreOf(x)
    if (!core) return
    const { feed, inlet, operator } = core
    const sink = last(ownSinkPlace(core as never))
    return feed
      ? above(feed, operator.up, false, sink, seen)
      : before(writerPlace(inlet, inlet.locked, operator.over), sink)
  }
  const core = coreOf(x as ReadableWritablePair) as AnyCore | undefined
  if (core) return around(streamOf(core.outlet))
  return x instanceof TransformStream ? around(x.readable) : undefined
}

/** Streams that were come across: somebody may have piped them in a circle. */
type Seen = WeakSet<Stream>

const before = (place: Place, { trunk, branches }: Chain): Chain => ({ trunk: [place, ...trunk], branches })
const last = (place: Place): Chain => ({ trunk: [place], branches: [] })
/** Every outlet is one of a flow. */
const streamOf = (outlet: AnyOutlet): Stream => outlet.stream as Stream
const isSplit = (into: unknown): into is readonly Stream[] => Array.isArray(into)

/** A pair of the platform's streams; what a flow was piped into may have been anything else, and refused. */
function isPair(into: unknown): into is ReadableWritablePair {
  const { readable, writable } = (into ?? {}) as Partial<ReadableWritablePair>
  return readable instanceof ReadableStream && writable instanceof WritableStream
}

/** What lies above a stream, before what lies below it. */
function lift(stream: Stream, below: Chain, seen: Seen, reader?: Upstream): Chain {
  const outlet = outletOf(stream)
  if (outlet) return above(outlet.producer, outlet.up, outlet.settled, below, seen)
  const from = (stream as Joined)[FROM]
  const into = from && !seen.has(from) ? intoOf(from) : undefined
  if (from) seen.add(from)
  if (from && isSplit(into) && into.includes(stream)) {
    const branches = into.map(branch => (branch === stream ? below : descend(branch, seen)))
    return lift(from, { trunk: [teePlace(from)], branches }, seen)
  }
  if (from && isPair(into) && into.readable === stream) {
    return lift(from, before(pairPlace(into, from), below), seen)
  }
  return before(readablePlace(stream, reader), below)
}

/** What lies above whoever takes a producer's items; `up` is what the producer gave when it was started. */
function above(
  producer: Producer<unknown>,
  up: Upstream | undefined,
  ended: boolean,
  below: Chain,
  seen: Seen,
): Chain {
  if (producer instanceof StageCore) {
    const core = producer as unknown as AnyCore
    const chain = before(stagePlace(core), below)
    if (!core.feed) return before(writerPlace(core.outlet, core.taken, core.operator?.over), chain)
    // Of a run that a stage was put in front of, the stream between the two leads on.
    const own = core.outlet.up
    const next = own instanceof Operator && own === (core.operator as unknown) ? own.up : own
    return above(core.feed as Producer<unknown>, next, false, chain, seen)
  }
  if (producer instanceof Outlet) return lift(streamOf(producer), below, seen)
  if (producer instanceof ReaderProducer) return lift(producer.stream, below, seen, up)
  const { source } = producer as Partial<Gated<unknown>>
  if (source instanceof Outlet || source instanceof ReaderProducer) {
    return above(source, up, ended, below, seen)
  }
  return before(sourcePlace(producer, up, ended), below)
}

/** What lies below a stream: what it was piped into, or whoever reads it. */
function descend(stream: Stream, seen: Seen): Chain {
  const outlet = outletOf(stream)
  const into = seen.has(stream) ? undefined : intoOf(stream)
  const target = outlet?.target
  seen.add(stream)
  if (isSplit(into)) {
    return { trunk: [teePlace(stream)], branches: into.map(branch => descend(branch, seen)) }
  }
  // Once its flow has let go of it, somebody else may have it.
  if (into instanceof ReadableStream && !isOver(into)) return descend(into, seen)
  if (into instanceof WritableStream && holds(stream, into)) {
    const sink = sinkCoreOf(into)
    return last(sink ? ownSinkPlace(sink as never) : writablePlace(into, stream))
  }
  if (into instanceof Collector || into instanceof Operator) return last(collectorPlace(into as never))
  const core = coreOf(into as ReadableWritablePair) as AnyCore | undefined
  if (core?.taken) return before(stagePlace(core), descend(streamOf(core.outlet), seen))
  // Asking a stage of ours for its writable would make it.
  if (!core && isPair(into) && holds(stream, into.writable)) {
    return before(pairPlace(into, stream), descend(into.readable, seen))
  }
  if (target instanceof Outlet) return descend(streamOf(target), seen)
  if (outlet && target) return last(takerPlace(target, outlet))
  return last(readerPlace(stream, outlet, isOver(stream)))
}

/** Whether a flow has come to its end, as far as that can be seen. Of the platform's, what comes in has, and it is free. */
function isOver(stream: Stream): boolean {
  const outlet = outletOf(stream)
  if (outlet) return outlet.settled
  const from = (stream as Joined)[FROM]
  const into = from && intoOf(from)
  return from !== undefined && isPair(into) && !stream.locked && pipeIsOver(from, into.writable)
}

/** Whether the pipe between the two holds, or has come to its end: somebody else may have the flow since it let go. */
function holds(stream: Stream, writable: WritableStream): boolean {
  const outlet = outletOf(stream)
  if (!outlet) return stream.locked === writable.locked
  return outlet.settled || (stream.locked && writable.locked)
}

/** What a chain keeps alive for as long as it is alive itself: a stage is only the handle of its inside. */
export function anchorOf(x: object): object {
  return coreOf(x as ReadableWritablePair)?.outlet.stream ?? x
}
