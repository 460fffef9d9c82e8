import { Collector } from '../engine/collector.ts'
import type { Gated } from '../engine/gate.ts'
import { Operator } from '../engine/operator.ts'
import { Outlet } from '../engine/outlet.ts'
import type { Producer, Upstream } from '../engine/protocol.ts'
import { ReaderProducer } from '../engine/reader-run.ts'
import { sinkCoreOf } from '../engine/sink-core.ts'
import { coreOf, StageCore } from '../engine/stage-core.ts'
import { FROM, INTO, type Joined, outletOf } from '../engine/take-over.ts'
import type { Chain, Place } from './place.ts'
import {
  type AnyCore,
  type AnyOutlet,
  collectorPlace,
  ownSinkPlace,
  pairPlace,
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
  if (x instanceof ReadableStream) return around(x)
  if (x instanceof WritableStream) {
    const core = sinkCoreOf(x)
    if (!core) return
    const sink = { trunk: [ownSinkPlace(core as never)], branches: [] }
    return core.feed ? above(core.feed, core.operator.up, false, sink) : sink
  }
  const core = coreOf(x as ReadableWritablePair) as AnyCore | undefined
  if (core) return around(streamOf(core.outlet))
  return x instanceof TransformStream ? around(x.readable) : undefined
}

const around = (stream: Stream): Chain => lift(stream, descend(stream))
const before = (place: Place, { trunk, branches }: Chain): Chain => ({ trunk: [place, ...trunk], branches })
const last = (place: Place): Chain => ({ trunk: [place], branches: [] })
/** Every outlet is one of a flow. */
const streamOf = (outlet: AnyOutlet): Stream => outlet.stream as Stream
const intoOf = (stream: Stream) => (stream as Joined)[INTO]
const isSplit = (into: unknown): into is readonly Stream[] => Array.isArray(into)

/** What lies above a stream, before what lies below it. */
function lift(stream: Stream, below: Chain, reader?: Upstream): Chain {
  const outlet = outletOf(stream)
  if (outlet) return above(outlet.producer, outlet.up, outlet.settled, below)
  const from = (stream as Joined)[FROM]
  const into = from && intoOf(from)
  if (!from || !into) return before(readablePlace(stream, reader), below)
  if (isSplit(into)) {
    const branches = into.map(branch => (branch === stream ? below : descend(branch)))
    return lift(from, { trunk: [teePlace(from)], branches })
  }
  return lift(from, before(pairPlace(into as ReadableWritablePair, from), below))
}

/** What lies above whoever takes a producer's items; `up` is what the producer gave when it was started. */
function above(producer: Producer<unknown>, up: Upstream | undefined, ended: boolean, below: Chain): Chain {
  if (producer instanceof StageCore) {
    const core = producer as unknown as AnyCore
    const chain = before(stagePlace(core), below)
    if (!core.feed) return before(writerPlace(core), chain)
    // Of a run that a stage was put in front of, the stream between the two leads on.
    const own = core.outlet.up
    const next = own instanceof Operator && own === (core.operator as unknown) ? own.up : own
    return above(core.feed as Producer<unknown>, next, false, chain)
  }
  if (producer instanceof Outlet) return lift(streamOf(producer), below)
  if (producer instanceof ReaderProducer) return lift(producer.stream, below, up)
  const { source } = producer as Partial<Gated<unknown>>
  if (source instanceof Outlet || source instanceof ReaderProducer) return above(source, up, ended, below)
  return before(sourcePlace(producer, up, ended), below)
}

/** What lies below a stream: what it was piped into, or whoever reads it. */
function descend(stream: Stream): Chain {
  const outlet = outletOf(stream)
  const into = intoOf(stream)
  const target = outlet?.target
  if (isSplit(into)) return { trunk: [teePlace(stream)], branches: into.map(descend) }
  if (into instanceof WritableStream && holds(stream, into)) {
    const sink = sinkCoreOf(into)
    return last(sink ? ownSinkPlace(sink as never) : writablePlace(into, stream))
  }
  if (into instanceof Collector || into instanceof Operator) return last(collectorPlace(into as never))
  const pair = into as ReadableWritablePair | undefined
  const core = pair && (coreOf(pair) as AnyCore | undefined)
  if (core?.taken) return before(stagePlace(core), descend(streamOf(core.outlet)))
  if (pair?.readable && holds(stream, pair.writable)) {
    return before(pairPlace(pair, stream), descend(pair.readable))
  }
  if (target instanceof Outlet) return descend(streamOf(target))
  if (outlet && target) return last(takerPlace(target, outlet))
  return last(readerPlace(stream, outlet))
}

/** Whether the pipe between the two holds, or has come to its end: somebody else may have the flow since it let go. */
function holds(stream: Stream, writable: WritableStream): boolean {
  const outlet = outletOf(stream)
  if (!outlet) return stream.locked === writable.locked
  return outlet.settled || (stream.locked && writable.locked)
}
