import type { Arguments } from './arguments.ts'
import type { Built, BuiltScenario } from './build.ts'
import type { Measurement } from './measure.ts'
import { runChild } from './run-child.ts'
import type { Runtime } from './runtime.ts'
import type { Case, Variant } from './scenario.ts'
import { type Summary, summarize } from './statistics.ts'

export interface VariantResult extends Summary {
  readonly variant: string
  readonly role: Variant['role']
  readonly group?: string
  readonly size?: number
}

export interface CaseResult {
  readonly case: string
  readonly results: readonly VariantResult[]
}

export const ROUNDS = 5

export const selected = ({ cases, only }: Arguments, scenario: BuiltScenario): Case[] =>
  scenario.cases
    .filter(one => cases === undefined || one.name.includes(cases))
    .map(one => ({
      ...one,
      variants: one.variants.filter(({ name }) => only === undefined || name.includes(only)),
    }))

/** Rounds outside, variants inside, so that a machine which slows down meanwhile slows all of them down. */
export async function runScenario(
  { child }: Built,
  scenario: BuiltScenario,
  runtime: Runtime,
  args: Arguments,
  fail: (error: unknown) => void,
): Promise<CaseResult[]> {
  const found = new Map<Variant, Measurement[]>()
  const failed = new Set<Variant>()
  const cases = selected(args, scenario)
  const rounds = args.quick ? Math.min(2, scenario.rounds ?? 2) : (scenario.rounds ?? ROUNDS)
  for (let round = 0; round < rounds; round++) {
    for (const one of cases) {
      for (const variant of one.variants) {
        if (failed.has(variant)) continue
        const orders = ordersFor(scenario, one, variant, args)
        try {
          found.set(variant, [
            ...(found.get(variant) ?? []),
            await runChild(runtime, child, orders, one.v8Flags),
          ])
        } catch (error) {
          failed.add(variant)
          fail(error)
        }
      }
    }
  }
  return cases.map(one => ({
    case: one.name,
    results: one.variants.flatMap(variant => {
      const measured = failed.has(variant) ? undefined : found.get(variant)
      if (measured === undefined) return []
      const { name, role, group } = variant
      const size = measured[0]?.size
      return {
        variant: name,
        role,
        ...(group === undefined ? {} : { group }),
        ...(size === undefined ? {} : { size }),
        ...summarize(measured.map(({ figure }) => figure)),
      }
    }),
  }))
}

export function ordersFor(
  { url, atLeastMs = 50 }: BuiltScenario,
  one: Case,
  variant: Variant,
  { pollute, quick }: Arguments,
) {
  const common = { url, case: one.name, variant: variant.name, pollute }
  return quick
    ? { ...common, atLeastMs: 20, warmUpMs: 40, runs: 1 }
    : { ...common, atLeastMs, warmUpMs: 3 * atLeastMs, runs: 3 }
}
