import { isThenable } from '../internal/is-thenable.ts'
import type { ItemContext } from './item-scope.ts'
import { mixedGroup } from './mixed-group.ts'
import { PASS, SKIP, type Step, stepOf } from './step.ts'

/** The step of a function that is asked about the item: a truthy result, awaited, gets one answer, others the other. */
export function verdictStep<I>(
  fn: (item: I, context: ItemContext) => unknown,
  yes: symbol,
  no: symbol,
): Step {
  const judge = (call: (item: I) => unknown) => (item: I) => {
    const verdict = call(item)
    // Most verdicts are plain booleans, which need no call to be told from promises.
    if (typeof verdict !== 'boolean' && isThenable(verdict)) {
      return Promise.resolve(verdict).then(settled => (settled ? yes : no))
    }
    return verdict ? yes : no
  }
  return stepOf(fn, judge, yes === PASS && no === SKIP ? mixedGroup : undefined)
}
