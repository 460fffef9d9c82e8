import type { AdaptiveLimit } from '../policies/adaptive-limit.ts'
import { PORT, type QueueStrategy } from '../strategy.ts'
import { BlockIntake } from './block-intake.ts'
import { Handoff } from './handoff.ts'
import { Inlet } from './inlet.ts'
import type { Line } from './line.ts'
import type { Operator } from './operator.ts'
import { Outlet } from './outlet.ts'
import type { Port, QueuePort } from './port.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import type { IntakeOptions } from './refusals.ts'
import { type StageStats, type StatsSources, statsOf } from './stage-stats.ts'
import type { Step } from './step.ts'
import { StepRun } from './step-run.ts'

/** What a stage does, before it is connected: a step that can be fused with its neighbours, or an operator. */
export type Recipe<I, O> = (
  | { readonly step: Step }
  | {
      readonly create: (down: Downstream<O>) => Operator<I, O>
      /** How many items it works on at once, where that is found out. */
      readonly limit?: AdaptiveLimit
    }
) & {
  /** Makes the line of a stage whose items do not leave in the order in which they come. */
  readonly line?: ((strategy: QueueStrategy<I>) => Line<I>) | undefined
}

/** A strategy that is more than an inbox in which what has no room waits. */
interface PortMaker<I> {
  readonly [PORT]?: (options: IntakeOptions<I>, line: Recipe<I, unknown>['line']) => QueuePort<I>
}

export interface CoreOptions<I> extends IntakeOptions<I> {
  readonly strategy?: QueueStrategy<I> | undefined
}

/** A stage's inside: its port, its recipe, and the operator made of it once somebody takes its items. */
export class StageCore<I, O> implements Producer<O> {
  readonly outlet: Outlet<O> = new Outlet<O>(this)
  readonly #recipe: Recipe<I, O>
  readonly #options: CoreOptions<I>
  readonly #intake: QueuePort<I> | undefined
  #port: Port<I> | undefined
  #inlet: Inlet<I> | undefined
  /** What is piped in. */
  feed: Producer<I> | undefined
  /** Once somebody takes its items. */
  operator: Operator<I, O> | undefined

  constructor(recipe: Recipe<I, O>, options: CoreOptions<I>) {
    this.#recipe = recipe
    this.#options = options
    const strategy = options.strategy as (QueueStrategy<I> & PortMaker<I>) | undefined
    if (strategy)
      this.#intake = this.#opened(
        strategy[PORT]?.(options, recipe.line) ?? new BlockIntake(strategy, options.name),
      )
    this.#port = this.#intake
  }

  get name(): string {
    return this.#options.name
  }

  /** The inbox's port; only a stage with a strategy has one. */
  get intake(): QueuePort<I> {
    return this.#intake as QueuePort<I>
  }

  /** The writable side, made when it is first asked for. */
  get writable(): Inlet<I> {
    if (!this.#inlet) {
      // With a flow piped in, the writable is only there to be locked.
      if (!this.feed) this.#port ??= this.#handoff()
      this.#inlet = new Inlet(this.#port ?? new Handoff<I>())
      if (this.feed) this.#inlet.lock()
    }
    return this.#inlet
  }

  /** Something is piped in or writes already. */
  get taken(): boolean {
    return this.feed !== undefined || this.#inlet?.locked === true
  }

  /** Whether a flow can be fused onto it: a writable that was used keeps its own order and state. */
  get fusible(): boolean {
    return this.feed === undefined && this.#inlet?.used !== true
  }

  attach(feed: Producer<I>): void {
    this.feed = feed
    this.#inlet?.lock()
    // Without a port, `connect` takes the flow directly.
    if (!this.#intake && !this.operator) this.#port = undefined
    this.#port?.attach(feed)
  }

  connect(down: Downstream<O>): Upstream {
    const recipe = this.#recipe
    const operator = 'step' in recipe ? this.#run(recipe.step, down) : recipe.create(down)
    this.operator = operator as Operator<I, O>
    let up: Upstream
    if (this.feed && !this.#port) up = this.feed.connect(this.operator)
    else {
      this.#port ??= this.#handoff()
      this.#port.connect(this.operator)
      up = this.#port
    }
    // In a run that this stage was put in front of, the stream between the two leads here.
    if (operator.down !== down) return up
    operator.up = up
    return operator
  }

  /** A run of its own, or the first place in the run of the stage behind, if that is still to start. */
  #run(step: Step, down: Downstream<O>): StepRun<I, O> {
    if (down instanceof Outlet && down.target instanceof StepRun && down.target.prepend(step, down))
      return down.target
    return new StepRun<I, O>(down, step)
  }

  #handoff(): Handoff<I> {
    return this.#opened(new Handoff<I>())
  }

  #opened<P extends Port<I>>(port: P): P {
    port.onEnding = () => this.outlet.open()
    return port
  }

  stats(): StageStats {
    return statsAt(this.name, this.#recipe, this.operator, this.#intake?.inbox)
  }
}

/** A snapshot of what was made of a recipe. */
export function statsAt<I, O>(
  name: string,
  recipe: Recipe<I, O>,
  operator: Operator<I, O> | undefined,
  inbox?: StatsSources['inbox'],
): StageStats {
  return statsOf({
    name,
    tally: operator?.tally('step' in recipe ? recipe.step : undefined),
    over: operator?.over,
    inbox,
    limit: 'step' in recipe ? undefined : recipe.limit,
  })
}

const CORE = Symbol('core')

/** Makes known what is inside a stage. */
export function registerCore<I, O>(stage: TransformStream<I, O>, core: StageCore<I, O>): void {
  ;(stage as { [CORE]?: StageCore<I, O> })[CORE] = core
}

/** What is inside a stage; undefined for everything else. */
export function coreOf<I, O>(stage: ReadableWritablePair<O, I>): StageCore<I, O> | undefined {
  // Whatever a caller passes by mistake.
  return (stage as { [CORE]?: StageCore<I, O> } | null | undefined)?.[CORE]
}
