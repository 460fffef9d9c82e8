import { Collector } from '../engine/collector.ts'
import { FlowIterator } from '../engine/flow-iterator.ts'
import { Lanes } from '../engine/lanes.ts'
import { Operator } from '../engine/operator.ts'
import type { Outlet } from '../engine/outlet.ts'
import type { Downstream, Producer, Upstream } from '../engine/protocol.ts'
import type { SinkCore } from '../engine/sink-core.ts'
import type { StageCore } from '../engine/stage-core.ts'
import type { StageStats } from '../engine/stage-stats.ts'
import type { Stamp } from '../engine/stamp.ts'
import { outletOf } from '../engine/take-over.ts'
import type { Wait } from '../engine/wait.ts'
import { type AnyOperator, operatorWait, sourceWait } from './own-wait.ts'
import type { Figures, Place } from './place.ts'

export type AnyCore = StageCore<never, unknown>
export type AnyOutlet = Outlet<unknown>

/** What only some operators and statistics have. */
interface Limited {
  readonly limit?: number
  readonly window?: number
  readonly concurrency?: number
}

export function stagePlace(core: AnyCore): Place {
  const operator = core.operator as AnyOperator | undefined
  // Only a stage with a strategy has one.
  const intake = core.intake as AnyCore['intake'] | undefined
  const inbox = intake?.inbox
  const stats = core.stats()
  const figures = { ...figuresOf(stats, operator), capacity: inbox?.capacity ?? 0 }
  return {
    name: core.name,
    kind: 'stage',
    identity: core,
    figures,
    wait: operatorWait(operator, stats.inFlight, stats.done + stats.failed) ?? intake?.waitsOn?.(),
    ahead: (inbox !== undefined && !inbox.full) || hasRoom(operator),
    ended: operator?.over,
  }
}

function figuresOf(stats: StageStats, operator: AnyOperator | undefined): Figures {
  const { limit, window } = (operator ?? {}) as Limited
  const { queued, inFlight, received, emitted, capacity } = stats
  const concurrency = (stats as Limited).concurrency ?? limit ?? window ?? 1
  return { queued, capacity, inFlight, concurrency, received, emitted }
}

/** Several items at once are asked for as soon as there is room, whether anybody wants them or not. */
function hasRoom(operator: AnyOperator | undefined): boolean {
  if (!operator) return false
  const most = operator instanceof Lanes ? operator.limit : (operator as Limited).window
  return most !== undefined && operator.inside < most
}

/** A sink, or a collector that works on its items in an operator. */
function sinkPlace(operator: AnyOperator, identity: object, held: boolean): Place {
  const { over, down } = operator
  const { entered, done, failed } = operator.tally()
  const inFlight = over ? 0 : entered - done - failed
  const { limit: concurrency = 1 } = operator as Limited
  return {
    name: down instanceof Collector ? down.name : 'sink',
    kind: 'sink',
    identity,
    figures: { queued: 0, capacity: 0, inFlight, concurrency, received: entered, emitted: 0 },
    wait: operatorWait(operator, inFlight, done + failed),
    ended: over && !held,
  }
}

export function ownSinkPlace({ operator, inlet }: SinkCore<never>): Place {
  const stats = (inlet as unknown as { stats(): StageStats }).stats()
  const figures = { ...figuresOf(stats, operator), capacity: 0 }
  return { ...sinkPlace(operator, inlet, inlet.locked), name: stats.name, figures }
}

export function sourcePlace(producer: Producer<unknown>, up: Upstream | undefined, ended: boolean): Place {
  return {
    name: 'source',
    kind: 'source',
    identity: producer,
    wait: sourceWait(up),
    ended,
    pulse: pulseOf(up?.stamp),
  }
}

/** Whoever writes to a stage or a sink that no flow was piped into. */
export function writerPlace(identity: object, taken: boolean, ended: boolean | undefined): Place {
  const name = taken ? 'writer' : 'nobody'
  return { name, kind: 'writer', identity, wait: { on: 'source' }, ended }
}

/** A stream that is not of this library. */
export function readablePlace(stream: ReadableStream, up: Upstream | undefined): Place {
  return {
    name: nameOf(stream, 'ReadableStream'),
    kind: 'readable',
    identity: stream,
    wait: up ? sourceWait(up) : { on: 'source' },
    pulse: pulseOf(up?.stamp),
  }
}

export function teePlace(stream: ReadableStream): Place {
  return { name: 'tee', kind: 'tee', identity: stream }
}

/** A pair of streams that the platform pipes a flow into. */
export function pairPlace(pair: ReadableWritablePair, stream: ReadableStream): Place {
  const outlet = outletOf(stream)
  const stats = (pair as { stats?: () => StageStats }).stats?.()
  return {
    name: stats?.name ?? nameOf(pair, 'TransformStream'),
    kind: 'pair',
    identity: pair,
    figures: stats && { ...figuresOf(stats, undefined), capacity: 0 },
    wait: unasked(outlet),
    ended: pipeIsOver(stream, pair.writable),
    pulse: pulseOf(outlet?.stamp),
  }
}

/** A platform's writable that a flow is piped into. */
export function writablePlace(destination: WritableStream, stream: ReadableStream): Place {
  const outlet = outletOf(stream)
  const pipe = outlet?.target as { readonly stalled?: boolean; readonly stamp?: Stamp } | undefined
  const { stamp } = pipe ?? outlet ?? {}
  let wait: Wait | undefined
  if (outlet?.settled) wait = { on: 'function', detail: 'its last write, or its close' }
  else if (pipe) wait = pipe.stalled ? { on: 'function', since: stamp?.at } : undefined
  else wait = unasked(outlet)
  return {
    name: nameOf(destination, 'WritableStream'),
    kind: 'writable',
    identity: destination,
    wait,
    ended: pipeIsOver(stream, destination),
    pulse: pulseOf(stamp),
  }
}

/** Whether the pipe between the two is over: it holds both for as long as it is not. */
export function pipeIsOver(stream: ReadableStream, writable: WritableStream): boolean {
  return !writable.locked && (outletOf(stream)?.settled ?? !stream.locked)
}

/** A collector, or what it works on its items in. */
export function collectorPlace(taker: Collector<never> | AnyOperator): Place {
  if (taker instanceof Operator) return sinkPlace(taker, taker, false)
  const { name, over, stamp } = taker
  const wait: Wait | undefined = stamp?.at ? { on: 'function', since: stamp.at } : undefined
  return { name, kind: 'sink', identity: taker, wait, ended: over, pulse: pulseOf(stamp) }
}

/** Who takes a chain's items without a stream in between. */
export function takerPlace(target: Downstream<unknown>, outlet: AnyOutlet): Place {
  const { settled: ended } = outlet
  const { owner } = target as { readonly owner?: unknown }
  if (owner instanceof FlowIterator) {
    const since = owner.stamp?.at
    const wait: Wait | undefined = !since
      ? undefined
      : { on: 'reader', detail: 'the body of the loop', since }
    return { name: 'for await', kind: 'reader', identity: owner, wait, ended, pulse: pulseOf(owner.stamp) }
  }
  return { name: 'another chain', kind: 'reader', identity: target, ended }
}

/** Whoever reads through the platform's stream, be it nobody. */
export function readerPlace(stream: ReadableStream, outlet: AnyOutlet | undefined, ended: boolean): Place {
  const { locked } = stream
  // Of a stream of the platform's nobody knows whether it is asked.
  const asked = outlet ? outlet.asked : locked
  const since = locked ? outlet?.stamp?.at : undefined
  return {
    name: locked ? 'reader' : 'nobody',
    kind: 'reader',
    identity: stream,
    wait: asked ? undefined : { on: 'reader', since },
    ended,
    pulse: pulseOf(outlet?.stamp),
  }
}

/** What stands behind a flow whose platform's stream is not asked for an item. */
function unasked(outlet: AnyOutlet | undefined): Wait | undefined {
  return outlet && !outlet.asked && !outlet.settled ? { on: 'function', since: outlet.stamp?.at } : undefined
}

const pulseOf = (stamp: Stamp | undefined): string | undefined => stamp && `${stamp.at} ${stamp.left}`

function nameOf(stream: object, otherwise: string): string {
  const name: unknown = stream.constructor?.name
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : otherwise
}
