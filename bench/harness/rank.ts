import type { CaseResult, VariantResult } from './run-scenario.ts'
import type { Scenario, Target } from './scenario.ts'

type Rank = (
  scenario: Scenario,
  result: CaseResult,
  group?: string,
  among?: string,
) => VariantResult | undefined

/** The figure of all processes together. */
export function figureOf({ figure, better }: Scenario, one: VariantResult): number {
  if (figure === 'best') return better === 'more' ? one.max : one.min
  return one.median
}

function best(scenario: Scenario, results: readonly VariantResult[]): VariantResult | undefined {
  const sign = scenario.better === 'more' ? -1 : 1
  return results.toSorted((a, b) => sign * (figureOf(scenario, a) - figureOf(scenario, b)))[0]
}

/** The best of the group's choices that are not ours, in the same run. */
export const bestPeer: Rank = (scenario, { results }, group, among = '') =>
  best(
    scenario,
    results.filter(one => one.role === 'peer' && one.group === group && one.variant.includes(among)),
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
        ? bestPeer(scenario, result, target.group ?? ours.group, target.among)
        : undefined
  if (target.against !== undefined && rival === undefined) return undefined
  const reached = figureOf(scenario, ours) / (rival ? figureOf(scenario, rival) : 1)
  const met = reached >= (target.atLeast ?? -Infinity) && reached <= (target.atMost ?? Infinity)
  return { target, reached, met, ...(rival === undefined ? {} : { rival: rival.variant }) }
}
