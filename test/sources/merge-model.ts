import { type Flow, from, map, mergePrioritized } from 'sluice'

/** One run's circumstances: the priorities of the sources, whether a stage of ours stands behind each. */
export interface MergeSetup {
  readonly sources: readonly { readonly priority: number; readonly staged: boolean }[]
  readonly ageing: number
}

export interface MergeItem {
  readonly source: number
  readonly id: number
}

/** What became of a read, as text that compares. */
const PENDING = 'pending'
const shown = ({ source, id }: MergeItem): string => `${source}:${id}`

interface ModelSource {
  readonly priority: number
  queue: MergeItem[]
  held: { readonly item: MergeItem; readonly at: number; readonly order: number } | undefined
  closing: boolean
  over: boolean
  cancelled: string | undefined
}

/** A prioritized merge, said with arrays, when all that can move has moved. Time is a number. */
export class MergeModel {
  now = 0
  readonly reads: string[] = []
  readonly sources: ModelSource[]
  private readonly ageing: number
  private arrivals = 0
  private begun = false
  private failure: string | undefined
  private answer: string | undefined

  constructor({ sources, ageing }: MergeSetup) {
    this.ageing = ageing
    this.sources = sources.map(({ priority }) => ({
      priority,
      queue: [],
      held: undefined,
      closing: false,
      over: false,
      cancelled: undefined,
    }))
  }

  get over(): boolean {
    return this.answer !== undefined
  }

  read(): void {
    this.begun = true
    this.reads.push(this.answer ?? PENDING)
    this.move()
  }

  push(item: MergeItem): void {
    this.sources[item.source]?.queue.push(item)
    this.move()
  }

  close(at: number): void {
    const source = this.sources[at] as ModelSource
    source.closing = true
    this.move()
  }

  /** A platform stream that fails forgets what it had; what the merge has of it is given first. */
  fail(at: number, error: string): void {
    const source = this.sources[at] as ModelSource
    source.over = true
    source.queue = []
    this.failure = `error ${error}`
    this.cancelOthers(error)
    this.move()
  }

  cancel(reason: string): void {
    this.cancelOthers(reason)
    for (const source of this.sources) source.held = undefined
    this.finish('done')
  }

  private cancelOthers(reason: string): void {
    for (const source of this.sources) {
      if (source.over) continue
      source.cancelled = reason
      source.over = true
      source.queue = []
    }
  }

  private move(): void {
    if (this.over) return
    const byPriority = this.sources.toSorted((a, b) => b.priority - a.priority)
    for (;;) {
      for (const source of byPriority) {
        const item = source.held || !this.begun ? undefined : source.queue.shift()
        if (item) source.held = { item, at: this.now, order: this.arrivals++ }
        if (source.closing && source.queue.length === 0) source.over = true
      }
      const first = this.sources.filter(({ held }) => held).sort((a, b) => this.compare(a, b))[0]
      const at = this.reads.indexOf(PENDING)
      if (!first?.held || at < 0) break
      this.reads[at] = shown(first.held.item)
      first.held = undefined
    }
    if (this.sources.every(({ over, held }) => over && !held)) this.finish(this.failure ?? 'done')
  }

  private compare(a: ModelSource, b: ModelSource): number {
    const urgency = ({ priority, held }: ModelSource): number =>
      this.ageing === Infinity ? priority : priority * this.ageing + this.now - (held?.at ?? 0)
    return urgency(b) - urgency(a) || (a.held?.order ?? 0) - (b.held?.order ?? 0)
  }

  private finish(answer: string): void {
    this.answer = answer
    for (const [at, read] of this.reads.entries()) if (read === PENDING) this.reads[at] = answer
  }
}

/** The library, in the same terms. */
export class MergeDriver {
  readonly reads: string[] = []
  readonly cancelled: (string | undefined)[]
  readonly #controllers: ReadableStreamDefaultController<MergeItem>[] = []
  readonly #reader: ReadableStreamDefaultReader<MergeItem>

  constructor({ sources, ageing }: MergeSetup) {
    this.cancelled = sources.map(() => undefined)
    const streams = sources.map(({ priority, staged }, at) => {
      const stream = new ReadableStream<MergeItem>(
        {
          start: controller => void this.#controllers.push(controller),
          cancel: reason => {
            this.cancelled[at] = `${this.cancelled[at] ?? ''}${reason}`
          },
        },
        { highWaterMark: 0 },
      )
      return { priority, source: staged ? from(stream).pipeThrough(map(item => item)) : stream }
    })
    const merged: Flow<MergeItem> = mergePrioritized(streams, { ageing })
    this.#reader = merged.getReader()
    this.#reader.closed.catch(() => {})
  }

  /** Items that each source still has. */
  queued(at: number): number {
    return 0 - (this.#controllers[at]?.desiredSize ?? 0)
  }

  read(): void {
    const at = this.reads.push(PENDING) - 1
    this.#reader.read().then(
      ({ done, value }) => (this.reads[at] = done ? 'done' : shown(value)),
      error => (this.reads[at] = `error ${error}`),
    )
  }

  push(item: MergeItem): void {
    this.#controllers[item.source]?.enqueue(item)
  }

  close(at: number): void {
    this.#controllers[at]?.close()
  }

  fail(at: number, error: string): void {
    this.#controllers[at]?.error(error)
  }

  cancel(reason: string): void {
    // Of a stream that has failed, it fails too.
    this.#reader.cancel(reason).catch(() => {})
  }
}
