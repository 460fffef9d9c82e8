import { type ItemContext, ItemScope } from '../engine/item-scope.ts'
import type { Step } from '../engine/step.ts'
import { isThenable } from '../internal/is-thenable.ts'
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

/**
 * The step of a function that is called under policies. A call that gives its result at once costs next to nothing:
 * only one that throws, gives a promise, or has to be let through has an object of its own.
 */
export function guardedStep<I>(options: Guarded<I>): Step {
  const waiting = new Set<GuardedItem<I>>()
  const guarded = { ...options, waiting }
  const { call, answer, plan, expands } = options
  const alone = call.length === 1
  let index = 0
  const guard = (item: I, at: number): GuardedItem<I> => {
    const guardedItem = new GuardedItem(guarded, item, at)
    step.scope = guardedItem
    return guardedItem
  }
  const step: Step = {
    apply: (item: I) => {
      const at = index++
      if (plan.breaker || plan.policy) return guard(item, at).start()
      const scope = alone ? undefined : new ItemScope(at)
      let result: unknown
      try {
        result = alone ? (call as (item: I) => unknown)(item) : call(item, scope as ItemScope)
      } catch (error) {
        return guard(item, at).threw(error)
      }
      if (isThenable(result)) return guard(item, at).pending(result, scope)
      // What it expands to may fail later.
      if (expands) guard(item, at).attempted(scope)
      return answer(result)
    },
    recover: (scope, error, again) => (scope as GuardedItem<I>).recover(error, again),
    ended: scope => (scope as GuardedItem<I>).ended(),
    // The one that began to wait first.
    waitsOn: () => waiting.values().next().value?.waits,
    scope: undefined,
  }
  return step
}
