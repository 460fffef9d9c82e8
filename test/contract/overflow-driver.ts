import {
  block,
  buffer,
  type Capacity,
  type Channel,
  channel,
  dropNewest,
  dropOldest,
  Flow,
  map,
  QueueFullError,
  QueueTimeoutError,
  reject,
  type Stage,
  type Strategy,
  timeout,
} from 'sluice'
import { vi } from 'vitest'
import { turn } from '../setup/turn.ts'
import { type Item, PENDING, type Setup } from './overflow-model.ts'
import { expectLaw } from './probe.ts'

/** An error as text: the library's with all their fields, others by what they are. */
function describeError(error: unknown): string {
  if (error instanceof QueueFullError || error instanceof QueueTimeoutError) {
    const { code, item, capacity, stage } = error
    const text = `${code} item ${(item as Item).id} capacity ${capacity} stage ${stage}`
    return error instanceof QueueTimeoutError ? `${text} after ${error.timeout}` : text
  }
  return error instanceof TypeError ? 'TypeError' : String(error)
}

export function strategyOf({ mode, capacity, weighed, timeout: ms }: Setup): Strategy<Item> {
  const size: Capacity<Item> = weighed ? { highWaterMark: capacity, size: ({ weight }) => weight } : capacity
  const makers = { block, dropNewest, dropOldest, reject, timeout: (c: Capacity<Item>) => timeout(c, ms) }
  return makers[mode](size)
}

/** The library, in the same terms as `OverflowModel`. */
export class OverflowDriver {
  readonly writes: string[] = []
  readonly reads: string[] = []
  closing: string | undefined
  sourceCancelled: string | undefined
  readonly log: string[] = []
  /** What was last told of the pressure, and all that should not have been told. */
  high = false
  readonly mistold: string[] = []
  readonly stage: Stage<Item, Item>
  readonly #source: ReadableStreamDefaultController<Item> | undefined
  readonly #writer: WritableStreamDefaultWriter<Item> | undefined
  #ready: { settled: boolean } | undefined
  #reader: ReadableStreamDefaultReader<Item> | undefined
  #output: ReadableStream<Item>
  readonly #signals = new Map<number, AbortController>()
  #work: { resolve: () => void; reject: (error: unknown) => void } | undefined

  constructor(setup: Setup) {
    const { front, slow, routed } = setup
    const options = {
      name: 'inbox',
      onDrop: (item: Item, reason: string) => void this.log.push(`drop ${item.id} ${reason}`),
      ...(routed && {
        onReject: (item: Item, error: Error) =>
          void this.log.push(`reject ${item.id} ${describeError(error)}`),
      }),
    }
    const strategy = strategyOf(setup)
    const ranked = setup.priority && {
      priority: (item: Item) => item.priority,
      ageing: setup.priority.ageing,
      ...(setup.priority.evict && { evict: 'lowest' as const }),
    }
    const work = (item: Item): Item | Promise<Item> =>
      slow ? new Promise((yes, no) => (this.#work = { resolve: () => yes(item), reject: no })) : item
    if (front === 'channel') this.stage = channel(strategy, { ...options, ...ranked })
    else if (ranked) this.stage = buffer(strategy, { ...options, ...ranked })
    else this.stage = map(work, { ...options, strategy })
    if (setup.marks) this.#listen(setup.marks)
    this.#output = this.stage.readable
    if (front === 'writer') this.#writer = this.stage.writable.getWriter()
    if (front === 'fused' || front === 'native') {
      let controller!: ReadableStreamDefaultController<Item>
      const underlying: UnderlyingDefaultSource<Item> = {
        start(c) {
          controller = c
        },
        cancel: reason => {
          this.sourceCancelled = describeError(reason)
        },
      }
      const queueless = { highWaterMark: 0 }
      const source =
        front === 'fused' ? new Flow(underlying, queueless) : new ReadableStream(underlying, queueless)
      this.#source = controller
      this.#output = source.pipeThrough(this.stage)
    }
    if (!setup.late) this.#open()
  }

  get #channel(): Channel<Item> {
    return this.stage as Channel<Item>
  }

  /** Items that the source holds, while it is open. */
  get sourceHolds(): number {
    return -(this.#source?.desiredSize ?? 0)
  }

  get desiredSize(): number | undefined {
    return this.#writer?.desiredSize ?? undefined
  }

  /** Looks at `writer.ready`, at the same promise until it settles: whether it had to be asked for anew, and settled. */
  watchReady(): { fresh: boolean; readonly settled: boolean } | undefined {
    if (!this.#writer) return undefined
    const fresh = this.#ready?.settled !== false
    if (fresh) {
      const watched = { settled: false }
      const settle = (): void => void (watched.settled = true)
      this.#writer.ready.then(settle, settle)
      this.#ready = watched
    }
    const watched = this.#ready as { settled: boolean }
    return {
      fresh,
      get settled() {
        return watched.settled
      },
    }
  }

  write(item: Item, limit?: number): number {
    if (this.#writer)
      return this.#track(
        this.writes,
        this.#writer.write(item).then(() => 'true'),
      )
    const options = limit === undefined ? [] : [{ timeout: limit }]
    return this.#track(this.writes, this.#channel.send(item, ...options).then(String))
  }

  /** `send` with a signal, which `abandon` fires. */
  send(item: Item, limit?: number): number {
    const controller = new AbortController()
    const options = { signal: controller.signal, ...(limit !== undefined && { timeout: limit }) }
    const ticket = this.#track(this.writes, this.#channel.send(item, options).then(String))
    this.#signals.set(ticket, controller)
    return ticket
  }

  trySend(item: Item): boolean {
    return this.#channel.trySend(item)
  }

  abandon(ticket: number, reason: string): void {
    this.#signals.get(ticket)?.abort(reason)
  }

  produce(item: Item): void {
    this.#source?.enqueue(item)
  }

  read(): void {
    const answer = this.#open().read()
    this.#track(
      this.reads,
      answer.then(({ done, value }) => (done ? 'done' : `item ${value.id}`)),
    )
  }

  finish(): void {
    this.#work?.resolve()
  }

  fail(error: string): void {
    this.#work?.reject(error)
  }

  close(): void {
    if (this.#source) {
      this.#source.close()
      return
    }
    this.closing = PENDING
    const closed = this.#writer ? this.#writer.close() : this.#channel.close()
    closed.then(
      () => (this.closing = 'done'),
      error => (this.closing = `error ${describeError(error)}`),
    )
  }

  abort(reason: string): void {
    if (this.#source) this.#source.error(reason)
    else (this.#writer ?? this.#channel).abort(reason).catch(() => {})
  }

  cancel(reason: string): void {
    ;(this.#reader ?? this.#output).cancel(reason).catch(() => {})
  }

  #listen({ high, low }: { high: number; low: number }): void {
    this.stage.onPressure(
      high,
      (isHigh, stats) => {
        const { utilization } = stats
        expectLaw({ stats: () => stats })
        const right = isHigh ? utilization >= high : utilization <= low
        if (isHigh === this.high || !right) this.mistold.push(`${isHigh} at ${utilization}`)
        this.high = isHigh
      },
      { low },
    )
  }

  #open(): ReadableStreamDefaultReader<Item> {
    this.#reader ??= this.#output.getReader()
    this.#reader.closed.catch(() => {})
    return this.#reader
  }

  #track(list: string[], promise: Promise<string>): number {
    const ticket = list.push(PENDING) - 1
    promise.then(
      answer => (list[ticket] = answer),
      error => (list[ticket] = `error ${describeError(error)}`),
    )
    return ticket
  }
}

/** Time passes for the library's timers; those of the test runner and turns go on. */
export function manualTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
}

/** Lets everything that is under way come to rest. */
export async function rest(): Promise<void> {
  await turn()
}
