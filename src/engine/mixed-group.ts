import type { Next } from './feed.ts'
import { type CompileGroup, ignore, type Maybe, type Place } from './group.ts'
import { groupLoop } from './group-loop.ts'
import { kindOf, verdictOf } from './kind.ts'
import { isSpecial, PASS } from './step.ts'

/**
 * Up to four steps as one closure of which some are more than a function to call: those that pass an item on or skip it,
 * and those that fold it into a value. It has a loop for the items of an array as well, with the same steps written out
 * once more: a call of this closure for each of them would cost more than a step.
 */
export const mixedGroup: CompileGroup = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  const one: Next<never> = item => {
    account.entered++
    let value = item
    let at = base
    try {
      let r = foldA ? callA(foldA.value, value) : callA(value)
      if (
        typeof r === 'number' ||
        typeof r === 'boolean' ||
        (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
      ) {
        if (!testA) {
          value = r as never
          if (foldA) foldA.value = r as never
        } else if (!r) {
          a.skipped++
          return true
        }
      } else if (r !== PASS) {
        return run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
      }
      if (count > 1) {
        at++
        r = foldB ? callB(foldB.value, value) : callB(value)
        if (
          typeof r === 'number' ||
          typeof r === 'boolean' ||
          (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
        ) {
          if (!testB) {
            value = r as never
            if (foldB) foldB.value = r as never
          } else if (!r) {
            b.skipped++
            return true
          }
        } else if (r !== PASS) {
          return run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
        }
        if (count > 2) {
          at++
          r = foldC ? callC(foldC.value, value) : callC(value)
          if (
            typeof r === 'number' ||
            typeof r === 'boolean' ||
            (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
          ) {
            if (!testC) {
              value = r as never
              if (foldC) foldC.value = r as never
            } else if (!r) {
              c.skipped++
              return true
            }
          } else if (r !== PASS) {
            return run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
          }
          if (count > 3) {
            at++
            r = foldD ? callD(foldD.value, value) : callD(value)
            if (
              typeof r === 'number' ||
              typeof r === 'boolean' ||
              (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
            ) {
              if (!testD) {
                value = r as never
                if (foldD) foldD.value = r as never
              } else if (!r) {
                d.skipped++
                return true
              }
            } else if (r !== PASS) {
              return run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
            }
          }
        }
      }
    } catch (error) {
      return run.fault(at, error)
    }
    if (tray && tray.entered < tray.full) {
      tray.entered++
      tray.open.push(value)
      return true
    }
    return last || next(value)
  }
  one.takeAll = groupLoop(run, account, base, places, next)
  return one
}
