import { isSpecial, PASS } from './step.ts'
import type { StepRun } from './step-run.ts'

type Apply = (item: never) => unknown
type Next = (item: never) => boolean

/**
 * The hot path of a run: steps in groups of four, each group one closure, so that an item pays one call for its group
 * and one for each function. A call that V8 cannot inline costs 4 to 5 ns, which is most of what a short step costs.
 */
export function compileSteps<I, O>(run: StepRun<I, O>, steps: readonly Apply[]): (item: I) => boolean {
  let next = run.down.next as Next
  let at = steps.length
  while (at > 4) {
    at -= 4
    next = group(run as StepRun<never, never>, at, steps.slice(at, at + 4), next)
  }
  return group(run as StepRun<never, never>, 0, steps.slice(0, at), next) as (item: I) => boolean
}

// Each length has a body of its own: a loop over an array of functions would cost as much as the functions. `value`
// is what the step at `at` works on, for the account when it throws.
function group(run: StepRun<never, never>, base: number, [a, b, c, d]: readonly Apply[], next: Next): Next {
  // Later groups of a long run count into the void: the run's account starts at its first step.
  const account = base === 0 ? run : { entered: 0 }
  if (d && c && b && a) {
    return item => {
      account.entered++
      let value = item
      let at = base
      try {
        let result = a(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = b(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = c(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = d(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
      } catch (error) {
        return run.fault(at, error)
      }
      return next(value)
    }
  }
  if (c && b && a) {
    return item => {
      account.entered++
      let value = item
      let at = base
      try {
        let result = a(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = b(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = c(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
      } catch (error) {
        return run.fault(at, error)
      }
      return next(value)
    }
  }
  if (b && a) {
    return item => {
      account.entered++
      let value = item
      let at = base
      try {
        let result = a(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = b(value)
        if (typeof result === 'number' || !isSpecial(result)) value = result as never
        else if (result !== PASS) return run.special(at, value, result)
      } catch (error) {
        return run.fault(at, error)
      }
      return next(value)
    }
  }
  const only = a as Apply
  return item => {
    account.entered++
    let value = item
    try {
      const result = only(value)
      if (typeof result === 'number' || !isSpecial(result)) value = result as never
      else if (result !== PASS) return run.special(base, value, result)
    } catch (error) {
      return run.fault(base, error)
    }
    return next(value)
  }
}
