import type { ItemContext } from '../engine/item-scope.ts'
import type { Step } from '../engine/step.ts'
import { GuardedItem } from './guarded-item.ts'
import type { PolicyPlan } from './item-policies.ts'

/** A function that is called under policies, and what they are. */
export interface Guarded<I> {
  readonly stage: string
  readonly call: (item: I, context: ItemContext) => unknown
  readonly plan: PolicyPlan<I>
  /** Makes the step's answer of the function's result, awaited. */
  readonly answer: (result: unknown) => unknown
  /** The result is expanded into items: how the attempt has ended is known when they have. */
  readonly expands?: boolean
  /** The items that wait for something else than the function, for whoever asks. */
  readonly waiting?: Set<GuardedItem<I>>
}

/** The step of a function that is called under policies. */
export function guardedStep<I>(options: Guarded<I>): Step {
  const waiting = new Set<GuardedItem<I>>()
  const guarded = { ...options, waiting }
  let index = 0
  const step: Step = {
    apply: (item: I) => {
      const guardedItem = new GuardedItem(guarded, item, index++)
      step.scope = guardedItem
      return guardedItem.start()
    },
    recover: (scope, error, again) => (scope as GuardedItem<I>).recover(error, again),
    ended: scope => (scope as GuardedItem<I>).ended(),
    // The one that began to wait first.
    waitsOn: () => waiting.values().next().value?.waits,
    scope: undefined,
  }
  return step
}
