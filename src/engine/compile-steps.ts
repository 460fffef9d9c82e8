import { isSpecial, PASS } from './step.ts'
import type { StepRun } from './step-run.ts'

type Apply = (item: never) => unknown
type Next = (item: never) => boolean
type Maybe = { readonly then?: unknown } | null

/** The `next` of a receiver that does nothing with its items: a run in front of it need not call it. */
export const ignore = (): true => true

/**
 * The hot path of a run: steps in groups of eight, four or less, each group one closure, so that an item pays one call
 * for its group and one for each function. A call that V8 cannot inline costs about 4 ns, which is most of what a
 * short step costs.
 */
export function compileSteps<I, O>(run: StepRun<I, O>, steps: readonly Apply[]): (item: I) => boolean {
  let next = run.down.next as Next
  for (let at = steps.length; at > 0; ) {
    const size = at % 8 === 0 ? 8 : at % 4 || 4
    at -= size
    next = group(run as StepRun<never, never>, at, steps.slice(at, at + size), next)
  }
  return next as (item: I) => boolean
}

// Each length has a body of its own: a loop over an array of functions would cost as much as the functions. And each
// step looks for a promise in a place of its own, where V8 sees the objects of few steps: a function shared by all of
// them sees every shape there is, and takes 4 ns more. `value` is what the step at `at` works on.
function group(
  run: StepRun<never, never>,
  base: number,
  [a, b, c, d, e, f, g, h]: readonly Apply[],
  next: Next,
): Next {
  // Later groups of a long run count into the void: the run's account starts at its first step.
  const account = base === 0 ? run : { entered: 0 }
  const last = next === ignore
  if (h && g && f && e && d && c && b && a) {
    return item => {
      account.entered++
      let value = item
      let at = base
      try {
        let result = a(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = b(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = c(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = d(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = e(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = f(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = g(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = h(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
      } catch (error) {
        return run.fault(at, error)
      }
      return last || next(value)
    }
  }
  if (d && c && b && a) {
    return item => {
      account.entered++
      let value = item
      let at = base
      try {
        let result = a(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = b(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = c(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = d(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
      } catch (error) {
        return run.fault(at, error)
      }
      return last || next(value)
    }
  }
  if (c && b && a) {
    return item => {
      account.entered++
      let value = item
      let at = base
      try {
        let result = a(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = b(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = c(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
      } catch (error) {
        return run.fault(at, error)
      }
      return last || next(value)
    }
  }
  if (b && a) {
    return item => {
      account.entered++
      let value = item
      let at = base
      try {
        let result = a(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
        at++
        result = b(value)
        if (
          typeof result === 'number' ||
          (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
        )
          value = result as never
        else if (result !== PASS) return run.special(at, value, result)
      } catch (error) {
        return run.fault(at, error)
      }
      return last || next(value)
    }
  }
  const only = a as Apply
  return item => {
    account.entered++
    let value = item
    try {
      const result = only(value)
      if (
        typeof result === 'number' ||
        (typeof result === 'object' ? typeof (result as Maybe)?.then !== 'function' : !isSpecial(result))
      )
        value = result as never
      else if (result !== PASS) return run.special(base, value, result)
    } catch (error) {
      return run.fault(base, error)
    }
    return last || next(value)
  }
}
