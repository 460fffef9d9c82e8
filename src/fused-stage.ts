import type { DropReason } from './engine/refusals.ts'
import { coreOf, type Recipe, registerCore, StageCore } from './engine/stage-core.ts'
import { type StageStats, statsOf } from './engine/stage-stats.ts'
import type { QueueFullError, QueueTimeoutError, SpillError } from './errors.ts'
import { adopt, type Flow, flowAt } from './flow.ts'
import { checkFunction, checkOptions, checkPart, show } from './internal/check.ts'
import type { Stage } from './stage.ts'
import { type StageStrategy, toStrategy } from './strategy.ts'

export type { DropReason, StageStats }

/** What every stage takes. */
export interface StageOptions<I> {
  /** Name in statistics and errors. Default: the name of the function that made the stage. */
  readonly name?: string
  /**
   * The stage's inbox: how much it holds and what it answers when it is full. Without one the stage holds nothing:
   * an item is taken when it can be worked on.
   */
  readonly strategy?: StageStrategy<NoInfer<I>>
  /** Called with each item that the inbox drops. If it throws, the stream errors with that very value. */
  readonly onDrop?: (item: I, reason: DropReason) => void
  /**
   * Called with each item that the inbox refuses (`reject`, `timeout`, `spill`); a pipe into the stage then goes on
   * instead of failing. If it throws, the stream errors with that very value.
   */
  readonly onReject?: (item: I, error: QueueFullError | QueueTimeoutError | SpillError) => void
}

/** When pressure is over. */
export interface PressureOptions {
  /** Part of the capacity to which the inbox's use has to fall, from 0 to below `fraction`. Default: half of `fraction`. */
  readonly low?: number
}

const FLOW = Symbol('readable')
/** A stage whose readable side the platform did not make. */
type Fed<O> = { [FLOW]?: Flow<O> }

/**
 * What a stage is before anybody calls `new Stage`: its two sides, and what it tells of itself. Stages from functions such
 * as `map` are no more than this, so that a bundle with them need not have what runs a transformer.
 */
export class FusedStage<I = unknown, O = I> extends TransformStream<I, O> {
  /** What a person knows it by. */
  static override readonly name: string = 'Stage'

  /**
   * A snapshot of what happened to the stage's items; costs nothing while items flow. An own function of each stage:
   * it can be handed around, and a stage cannot be cloned without its operator by accident.
   */
  declare readonly stats: () => StageStats

  // Where the platform made the sides, they are its own; a stage from a function has those of its core.
  override get readable(): Flow<O> {
    return (this as Fed<O>)[FLOW] ?? adopt(super.readable)
  }

  /**
   * Says when the stage's inbox fills up, and when it has emptied again: calls `callback(true, stats)` as its use rises
   * to `fraction` of the capacity, `callback(false, stats)` as it falls to `low`, and so on in turns.
   *
   * It is called at once, from whatever adds or takes the item, with no timer; if the use is high already, in a
   * microtask. It may push, read, stop, close, abort: what changes meanwhile is told when it has returned. An ending that
   * empties the inbox is told too. If it throws, the stream errors with that very value, behind the items before it.
   *
   * @param fraction Part of the capacity in use, above 0 and at most 1: `utilization` in `stats()`.
   * @returns A function that ends it.
   * @throws {TypeError} The stage has no inbox, or one without bound: there is no capacity to measure.
   * @throws {RangeError} `fraction` or `low` is out of its range.
   * @example
   * ```ts
   * const jobs = channel<number>(reject(10), { name: 'jobs' })
   * const told: string[] = []
   * jobs.onPressure(0.8, (high, { queued }) => told.push(`${queued} queued: ${high ? 'slow down' : 'go on'}`))
   * for (let n = 0; n < 10; n++) jobs.trySend(n)
   * jobs.close()
   * await drain(jobs.readable)
   * told // => ['8 queued: slow down', '4 queued: go on']
   * ```
   */
  onPressure(
    fraction: number,
    callback: (high: boolean, stats: StageStats) => void,
    options: PressureOptions = {},
  ): () => void {
    const { name } = this.stats()
    checkFunction(`${name}: callback`, callback)
    checkOptions(name, options)
    checkPart(`${name}: fraction`, fraction, fraction > 0 && fraction <= 1, 'above 0 and at most 1')
    const { low = fraction / 2 } = options
    checkPart(`${name}: low`, low, low >= 0 && low < fraction, 'from 0 to below fraction')
    const intake = coreOf<I, O>(this)?.intake
    if (!intake || intake.inbox.capacity === Infinity) {
      throw new TypeError(`${name}: onPressure needs a strategy with a bound, such as block(16)`)
    }
    return intake.watch(fraction, low, high => callback(high, this.stats()))
  }

  /** How Node shows it: the platform's own way would look for streams that a stage of ours does not have. */
  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: unknown,
    inspect?: (value: unknown, options: unknown) => string,
  ): unknown {
    const stats = this.stats()
    return inspect ? `Stage ${inspect(stats, options)}` : stats
  }

  override get writable(): WritableStream<I> {
    return coreOf<I, O>(this)?.writable ?? super.writable
  }
}

/** Makes a stage of a recipe: the one way in which the library makes stages. */
export function stageOf<I, O>(
  kind: string,
  recipe: Recipe<I, O>,
  options?: StageOptions<I>,
  readableStrategy?: QueuingStrategy<O>,
): Stage<I, O> {
  return equip(Object.create(FusedStage.prototype) as Stage<I, O>, kind, recipe, options, readableStrategy)
}

/** Gives an object made without the platform's constructor (whose two streams would go unused) a stage's inside. */
export function equip<S extends FusedStage<I, O>, I, O>(
  stage: S,
  kind: string,
  recipe: Recipe<I, O>,
  options: StageOptions<I> = {},
  readableStrategy?: QueuingStrategy<O>,
): S {
  checkOptions(kind, options)
  const { name = kind, strategy, onDrop, onReject } = options
  if (typeof name !== 'string') throw new TypeError(`${kind}: name must be a string, received ${show(name)}`)
  if (onDrop !== undefined) checkFunction(`${kind}: onDrop`, onDrop)
  if (onReject !== undefined) checkFunction(`${kind}: onReject`, onReject)
  const core = new StageCore<I, O>(recipe, {
    name,
    onDrop,
    onReject,
    strategy: strategy === undefined ? undefined : toStrategy<I>(kind, strategy),
  })
  registerCore(stage, core)
  ;(stage as Fed<O>)[FLOW] = flowAt<O>(core.outlet, readableStrategy)
  Object.defineProperty(stage, 'stats', { value: () => core.stats(), enumerable: true, configurable: true })
  return stage
}

/** A stage whose input is `first`'s and whose output is `readable`, everything in between being piped already. */
export function composed<I, O>(
  first: ReadableWritablePair<unknown, I>,
  readable: ReadableStream<O>,
  parts: readonly Partial<Pick<Stage, 'stats'>>[],
): Stage<I, O> {
  const stage = Object.create(FusedStage.prototype) as Stage<I, O>
  const core = coreOf<I, unknown>(first as ReadableWritablePair<unknown, I>)
  if (core) registerCore(stage, core as never)
  ;(stage as Fed<O>)[FLOW] = adopt(readable)
  const stats = (): StageStats => {
    const [head, tail] = [parts[0]?.stats?.(), parts.at(-1)?.stats?.()]
    return { ...(head ?? statsOf({ name: 'compose', tally: undefined })), emitted: tail?.emitted ?? 0 }
  }
  return Object.defineProperties(stage, {
    stats: { value: stats, enumerable: true },
    ...(core ? {} : { writable: { value: first.writable } }),
  })
}
