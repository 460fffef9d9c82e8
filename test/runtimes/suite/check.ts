import type { Ability, Environment } from './environment.ts'

export interface CheckOptions {
  readonly needs?: readonly Ability[]
  /** How many times it is run: races show in some. */
  readonly rounds?: number
  /** How long one round may take, in milliseconds, before it counts as hanging. Default: 20,000. */
  readonly limit?: number
}

export interface Check {
  readonly name: string
  readonly options: CheckOptions
  run(environment: Environment, round: number): unknown
}

/** All checks of the files that were imported. */
export const checks: Check[] = []

export function check(name: string, run: Check['run'], options: CheckOptions = {}): void {
  checks.push({ name, options, run })
}
