import type { Transferable } from '../internal/platform-types.ts'
import type { PolicyPlan } from '../policies/item-policies.ts'

/** What a parallel stage does with its items. */
export interface ParallelPlan<I> {
  readonly stage: string
  readonly name: string
  readonly ordered: boolean
  readonly key: ((item: I) => unknown) | undefined
  readonly batch: number | undefined
  readonly timeout: number | undefined
  readonly transfer: ((item: I) => readonly (Transferable | ArrayBufferLike)[]) | undefined
  readonly crashRetries: number
  /** What happens around an item's attempts; the timeout is the workers' own. */
  readonly policies: PolicyPlan<I> | undefined
  readonly signal: AbortSignal | undefined
  /** The pool is the stage's own, and ends with it. */
  readonly owned: boolean
}
