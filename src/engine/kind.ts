import type { Fold } from './fold.ts'
import type { Apply, Place } from './group.ts'
import { PASS, SKIP } from './step.ts'

/** What a place calls, and what its result is: the next item, a verdict, or the value that a fold keeps. */
export interface Kind {
  readonly call: Apply & Fold<never, never>['call']
  readonly test: boolean
  readonly fold: Fold<never, never> | undefined
}

export function kindOf({ step: { apply, test, fold } }: Place): Kind {
  return { call: (fold ? fold.call : (test ?? apply)) as Kind['call'], test: !!test, fold }
}

/** The answer that a promised verdict will be. */
export function verdictOf(promised: unknown): Promise<symbol> {
  return Promise.resolve(promised).then(settled => (settled ? PASS : SKIP))
}
