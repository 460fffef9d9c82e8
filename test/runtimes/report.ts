import type { CheckResult } from './suite/run-checks.ts'

/** What the child is told. */
export interface Task {
  /** The URL of the folder with the worker modules. */
  readonly suite: string
  /** Only checks whose name contains this. */
  readonly filter: string
  /** How often each is run at the most; null: as often as it says. */
  readonly rounds: number | null
}

/** What it says, a line of JSON each. */
export type Report =
  | { readonly type: 'begin'; readonly version: string; readonly checks: number }
  | { readonly type: 'result'; readonly result: CheckResult }
  | { readonly type: 'end' }
