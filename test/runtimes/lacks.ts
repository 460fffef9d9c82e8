import type { Ability } from './suite/environment.ts'

/** What a runtime cannot do, and why: the checks that need it are skipped with that reason. */
export const LACKS: Readonly<Record<string, Partial<Record<Ability, string>>>> = {
  node: {},
  deno: {},
  bun: {
    'resource-limits': 'Bun ignores resourceLimits',
  },
}
