import type { BuiltScenario } from './build.ts'
import { short, table, times } from './format.ts'
import { bestPeer, figureOf, judge, nativeOf, type Verdict } from './rank.ts'
import type { CaseResult, VariantResult } from './run-scenario.ts'
import type { Target } from './scenario.ts'

/** The scenario's tables, and whether each target was met. */
export function report(scenario: BuiltScenario, results: readonly CaseResult[], runtime: string): string {
  const lines = [
    `\n${scenario.name}: ${scenario.question}`,
    `in ${scenario.unit}, ${scenario.better} is better`,
  ]
  if (scenario.note !== undefined) lines.push(scenario.note)
  if (scenario.figure === 'best') lines.push('best: of all processes, not the median')
  for (const result of results) {
    if (result.results.length === 0) continue
    lines.push('', tableOf(scenario, result))
    for (const verdict of verdictsOf(scenario, result, runtime)) lines.push(`  ${sentence(verdict)}`)
  }
  return lines.join('\n')
}

export function verdictsOf(scenario: BuiltScenario, result: CaseResult, runtime: string): Verdict[] {
  const targets = scenario.cases.find(one => one.name === result.case)?.targets ?? []
  return targets.flatMap(target => judge(scenario, result, target, runtime) ?? [])
}

function tableOf(scenario: BuiltScenario, result: CaseResult): string {
  const native = nativeOf(scenario, result)
  const groups = [...new Set(result.results.map(one => one.group))]
  return groups
    .map(group => {
      const members = result.results.filter(one => one.group === group)
      const best = bestPeer(scenario, result, group)
      const head = group === undefined ? result.case : `${result.case}, ${group}`
      return table([
        [head, scenario.figure ?? 'median', 'from', 'to', '× native', '× best peer'],
        ...members.map(one => [
          `  ${one.variant}`,
          short(figureOf(scenario, one)),
          short(one.min),
          short(one.max),
          ratio(scenario, one, native),
          one.role === 'reference' ? '' : ratio(scenario, one, best),
        ]),
      ])
    })
    .join('\n')
}

function ratio(scenario: BuiltScenario, one: VariantResult, rival: VariantResult | undefined): string {
  const against = rival && figureOf(scenario, rival)
  return against ? times(figureOf(scenario, one) / against) : ''
}

export function sentence({ target, reached, rival, met }: Verdict): string {
  const bound = target.atLeast === undefined ? `at most ${target.atMost}` : `at least ${target.atLeast}`
  const figure = target.against === undefined ? short(reached) : times(reached)
  return `${met ? 'met  ' : 'SHORT'}  ${wording(target, rival)} ${bound}: ${figure}`
}

const wording = ({ of = 'sluice', against }: Target, rival: string | undefined): string =>
  against === undefined ? of : `${of} × ${against === 'native' ? 'native' : `best peer (${rival})`}`
