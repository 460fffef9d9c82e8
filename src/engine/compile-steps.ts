import { isThenable } from '../internal/is-thenable.ts'
import { isSpecial, PASS, passOn, SKIP, type Step } from './step.ts'
import type { StepRun } from './step-run.ts'

type Apply = (item: never) => unknown
type Next = (item: never) => boolean
type Account = { entered: number }
type Maybe = { readonly then?: unknown } | null

/** The `next` of a receiver that does nothing with its items: a run in front of it need not call it. */
export const ignore = (): true => true

/** What the hot path needs of a step's place in its run. */
interface Place {
  readonly step: Step
  skipped: number
}

/**
 * The hot path of a run: neighbouring steps in groups of eight, four or less, each group one closure, so that an item
 * pays one call for its group and one for each function. A call that V8 cannot inline costs about 4 ns, which is most
 * of what a short step costs.
 */
export function compileSteps<I, O>(run: StepRun<I, O>, places: readonly Place[]): (item: I) => boolean {
  const any = run as StepRun<never, never>
  let next = run.down.next as Next
  // A step that does nothing is left out; but even a run that does nothing keeps its account.
  const from = places.length > 1 && places[0]?.step.apply === passOn ? 1 : 0
  for (let end = places.length; end > from; ) {
    // Groups further down count into the void: the run's account starts at its first step.
    const account = (start: number) => (start === from ? run : { entered: 0 })
    const { step } = places[end - 1] as Place
    if (step.test) {
      end--
      next = sift(any, account(end), end, places[end] as Place, next)
      continue
    }
    let start = end
    while (start > from && end - start < 8 && !places[start - 1]?.step.test) start--
    if (end - start < 8) start = end - ((end - start) % 4 || 4)
    const steps = places.slice(start, end).map(place => place.step.apply)
    next = group(any, account(start), start, steps, next)
    end = start
  }
  return next as (item: I) => boolean
}

/** A step that skips items: what it is asked costs a call, and its verdict nothing. */
function sift(run: StepRun<never, never>, account: Account, at: number, place: Place, next: Next): Next {
  const test = place.step.test as Apply
  const last = next === ignore
  return item => {
    account.entered++
    try {
      const verdict = test(item)
      if (
        typeof verdict === 'object' ? typeof (verdict as Maybe)?.then === 'function' : isThenable(verdict)
      ) {
        const answer = Promise.resolve(verdict).then(settled => (settled ? PASS : SKIP))
        return run.special(at, item, answer)
      }
      if (!verdict) {
        if (run.last >= 0) return run.special(at, item, SKIP)
        place.skipped++
        return true
      }
    } catch (error) {
      return run.fault(at, error)
    }
    return last || next(item)
  }
}

// Each length has a body of its own: a loop over an array of functions would cost as much as the functions. And each
// step looks for a promise in a place of its own, where V8 sees the objects of few steps: a function shared by all of
// them sees every shape there is, and takes 4 ns more. `value` is what the step at `at` works on.
function group(
  run: StepRun<never, never>,
  account: Account,
  base: number,
  [a, b, c, d, e, f, g, h]: readonly Apply[],
  next: Next,
): Next {
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
