import type { Next } from './feed.ts'
import { type Account, type Apply, type CompileGroup, ignore, type Maybe, type Place } from './group.ts'
import { ownLoopWhenHot } from './own-loop.ts'
import { isSpecial, PASS, passOn } from './step.ts'
import type { StepRun } from './step-run.ts'

/**
 * The hot path of a run: neighbouring steps in groups of eight, four or less, each group one closure, so that an item
 * pays one call for its group and one for each function. A call that V8 cannot inline costs about 3 ns, which is most
 * of what a short step costs.
 */
export function compileSteps<I, O>(run: StepRun<I, O>, places: readonly Place[]): Next<I> {
  // A step that does nothing is left out; but even a run that does nothing keeps its account.
  const first = places.length > 1 && places[0]?.step.apply === passOn ? 1 : 0
  return compileFrom(run as StepRun<never, never>, run, places, first) as Next<I>
}

const special = ({ step }: Place): unknown => step.compile

function compileFrom(
  run: StepRun<never, never>,
  account: Account,
  places: readonly Place[],
  from: number,
): Next<never> {
  const eight = places.slice(from, from + 8)
  // Without a step that is more than a function, eight or four or all that is left; else four.
  const whole = eight.length === 8 && !eight.some(special)
  const group = whole || eight.length < 4 ? eight : eight.slice(0, 4)
  const to = from + group.length
  // Groups further down count into the void: the run's account starts at its first step.
  const next = to < places.length ? compileFrom(run, { entered: 0 }, places, to) : run.down.next
  const compile = group.find(special)?.step.compile ?? plainGroup
  const one = compile(run, account, from, group, next)
  // Arrays come to the first group only.
  if (account === run) {
    const four = group.slice(0, 4)
    const rest = (): Next<never> =>
      group.length > 4 ? compileFrom(run, { entered: 0 }, places, from + 4) : next
    ownLoopWhenHot(one, run, four, loop => loop(run, account, from, four, rest()))
  }
  return one
}

// Each length has a body of its own: a loop over an array of functions would cost as much as the functions. And each
// step looks for a promise in a place of its own, where V8 sees the objects of few steps: a function shared by all of
// them sees every shape there is, and takes 4 ns more. `value` is what the step at `at` works on.
const plainGroup: CompileGroup = (run, account, base, places, next) => {
  const [a, b, c, d, e, f, g, h] = places.map(place => place.step.apply)
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
