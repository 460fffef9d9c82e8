import type { CaseResult, VariantResult } from './run-scenario.ts'
import type { Scenario, Target } from './scenario.ts'

/** The best of the group's choices that are not ours, in the same run. */
export function bestPeer(
  { better }: Scenario,
  { results }: CaseResult,
  group: string | undefined,
): VariantResult | undefined {
  return results
    .filter(one => one.role === 'peer' && one.group === group)
    .reduce<VariantResult | undefined>(
      (best, one) =>
        best === undefined || (better === 'more' ? one.median > best.median : one.median < best.median)
          ? one
          : best,
      undefined,
    )
}

export const nativeOf = ({ results }: CaseResult): VariantResult | undefined =>
  results.find(one => one.role === 'native')

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
      ? nativeOf(result)
      : target.against === 'best peer'
        ? bestPeer(scenario, result, target.group ?? ours.group)
        : undefined
  if (target.against !== undefined && rival === undefined) return undefined
  const reached = ours.median / (rival?.median ?? 1)
  const met = reached >= (target.atLeast ?? -Infinity) && reached <= (target.atMost ?? Infinity)
  return { target, reached, met, ...(rival === undefined ? {} : { rival: rival.variant }) }
}
