import type { ItemContext } from '../engine/item-scope.ts'
import { PASS, type SKIP, type Step, stepOf } from '../engine/step.ts'
import { verdictStep } from '../engine/verdict-step.ts'
import { guardedStep } from './guarded-step.ts'
import { type ItemPolicies, policyPlan } from './item-policies.ts'

interface Named {
  readonly name?: string
}

/** The step of a user's function whose result goes on, under the policies that there are. */
export function itemStep<I>(
  kind: string,
  call: (item: I, context: ItemContext) => unknown,
  options: ItemPolicies<I, unknown> & Named,
  expands = false,
): Step {
  const plan = policyPlan(kind, options)
  if (!plan) return stepOf(call)
  return guardedStep({ stage: options.name ?? kind, call, plan, answer: result => result, expands })
}

/** The step of a function that is asked about the item: a truthy result lets it pass, others get the answer `no`. */
export function judgedStep<I>(
  kind: string,
  call: (item: I, context: ItemContext) => unknown,
  options: ItemPolicies<I, unknown> & Named,
  no: typeof PASS | typeof SKIP,
): Step {
  const plan = policyPlan(kind, options)
  if (!plan) return verdictStep(call, PASS, no)
  return guardedStep({ stage: options.name ?? kind, call, plan, answer: verdict => (verdict ? PASS : no) })
}
