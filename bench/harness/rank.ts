import type { CaseResult, VariantResult } from './run-scenario.ts'
import type { Scenario, Target } from './scenario.ts'

type Rank = (scenario: Scenario, result: CaseResult, group?: string) => VariantResult | undefined

const best = ({ better }: Scenario, results: readonly VariantResult[]): VariantResult | undefined =>
  results.toSorted((a, b) => (better === 'more' ? b.median - a.median : a.median - b.median))[0]

/** The best of the group's choices that are not ours, in the same run. */
export const bestPeer: Rank = (scenario, { results }, group) =>
  best(
    scenario,
    results.filter(one => one.role === 'peer' && one.group === group),
  )

/** The platform's streams, in the quickest of the forms that were measured. */
export const nativeOf: Rank = (scenario, { results }) =>
  best(
    scenario,
    results.filter(one => one.role === 'native'),
  )

export interface Verdict {
  readonly target: Target
  /** The ratio, or the figure itself where the target is absolute. */
  readonly reached: number
  readonly rival?: string
  readonly met: boolean
}

/** Undefined if the target is not for this runtime, or if one of the two was not measured. */
export function judge(
  scenario: Scenario,
  result: CaseResult,
  target: Target,
  runtime: string,
): Verdict | undefined {
  if (target.on !== undefined && !target.on.includes(runtime)) return undefined
  const ours = result.results.find(one => one.variant === (target.of ?? 'sluice'))
  if (ours === undefined) return undefined
  const rival =
    target.against === 'native'
      ? nativeOf(scenario, result)
      : target.against === 'best peer'
        ? bestPeer(scenario, result, target.group ?? ours.group)
        : undefined
  if (target.against !== undefined && rival === undefined) return undefined
  const reached = ours.median / (rival?.median ?? 1)
  const met = reached >= (target.atLeast ?? -Infinity) && reached <= (target.atMost ?? Infinity)
  return { target, reached, met, ...(rival === undefined ? {} : { rival: rival.variant }) }
}
