import type { Wait } from '../engine/wait.ts'
import type { ExplainedStage } from './explanation.ts'

/** The figures of a part that keeps account. */
export interface Figures
  extends Pick<ExplainedStage, 'queued' | 'capacity' | 'inFlight' | 'concurrency' | 'received' | 'emitted'> {}

/** One part of a chain as `walk` has found it; what is inside is asked when it is judged. */
export interface Place {
  readonly name: string
  readonly kind: ExplainedStage['kind']
  /** What it is known by from one look to the next. */
  readonly identity: object
  readonly figures?: Figures | undefined
  /** What it waits for itself, apart from its neighbours. */
  readonly wait?: Wait | undefined
  /** It takes items though nobody asks for them. */
  readonly ahead?: boolean | undefined
  readonly ended?: boolean | undefined
  /** Changes with each step it makes, where it does not count. */
  readonly pulse?: string | undefined
}

/** A chain: its parts in order, and where it was split, those of each branch behind them. */
export interface Chain {
  readonly trunk: readonly Place[]
  readonly branches: readonly Chain[]
}
