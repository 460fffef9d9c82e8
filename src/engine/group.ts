import type { Next, TakeAll } from './feed.ts'
import type { Step } from './step.ts'
import type { StepRun } from './step-run.ts'

export type Apply = (item: never) => unknown
export type Account = { entered: number }
export type Maybe = { readonly then?: unknown } | null

/** The `next` of a receiver that does nothing with its items: a run in front of it need not call it. */
export const ignore = (): true => true

/** What the hot path needs of a step's place in its run. */
export interface Place {
  readonly step: Step
  skipped: number
}

/** Makes something that takes items through neighbouring steps, the first of which is the run's step `base`. */
type Compile<Compiled> = (
  run: StepRun<never, never>,
  account: Account,
  base: number,
  places: readonly Place[],
  next: Next<never>,
) => Compiled

/** Makes one group of steps, as a step that is more than a function to call wants it. */
export type CompileGroup = Compile<Next<never>>

/** Makes the loop that takes the items of an array through up to four steps. */
export type CompileLoop = Compile<TakeAll<never>>
