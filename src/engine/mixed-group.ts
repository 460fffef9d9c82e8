import { isThenable } from '../internal/is-thenable.ts'
import { type Apply, type CompileGroup, ignore, type Maybe, type Place } from './compile-steps.ts'
import type { Next } from './feed.ts'
import type { Fold } from './fold.ts'
import { isSpecial, PASS, SKIP } from './step.ts'

/**
 * Up to four steps as one closure of which some are more than a function to call: those that pass an item on or skip it,
 * and those that fold it into a value. Two bodies, written out for the same reasons as those of {@link compileSteps}: one
 * for an item, one with the loop for those of an array around it; a call from the one to the other would cost more than
 * a step.
 */
export const mixedGroup: CompileGroup = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { map: mapA, test: testA, fold: foldA, call: callA } = kind(a)
  const { map: mapB, test: testB, fold: foldB, call: callB } = kind(b)
  const { map: mapC, test: testC, fold: foldC, call: callC } = kind(c)
  const { map: mapD, test: testD, fold: foldD, call: callD } = kind(d)

  const last = next === ignore
  const { tray } = next
  const one: Next<never> = item => {
    account.entered++
    let value = item
    let at = 0
    try {
      if (mapA) {
        const r = mapA(value)
        if (
          typeof r === 'number' ||
          (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
        )
          value = r as never
        else if (r !== PASS) return run.special(base, value, r)
      } else if (testA) {
        const r = testA(value)
        if (r !== true) {
          if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r))
            return run.special(base, value, verdict(r))
          if (!r) {
            a.skipped++
            return true
          }
        }
      } else if (foldA) {
        const r = callA(foldA.value, value)
        if (
          typeof r === 'number' ||
          (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
        ) {
          value = r as never
          foldA.value = r as never
        } else return run.special(base, value, foldA.keep(r))
      }
      if (count > 1) {
        at = 1
        if (mapB) {
          const r = mapB(value)
          if (
            typeof r === 'number' ||
            (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
          )
            value = r as never
          else if (r !== PASS) return run.special(base + 1, value, r)
        } else if (testB) {
          const r = testB(value)
          if (r !== true) {
            if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r))
              return run.special(base + 1, value, verdict(r))
            if (!r) {
              b.skipped++
              return true
            }
          }
        } else if (foldB) {
          const r = callB(foldB.value, value)
          if (
            typeof r === 'number' ||
            (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
          ) {
            value = r as never
            foldB.value = r as never
          } else return run.special(base + 1, value, foldB.keep(r))
        }
        if (count > 2) {
          at = 2
          if (mapC) {
            const r = mapC(value)
            if (
              typeof r === 'number' ||
              (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
            )
              value = r as never
            else if (r !== PASS) return run.special(base + 2, value, r)
          } else if (testC) {
            const r = testC(value)
            if (r !== true) {
              if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r))
                return run.special(base + 2, value, verdict(r))
              if (!r) {
                c.skipped++
                return true
              }
            }
          } else if (foldC) {
            const r = callC(foldC.value, value)
            if (
              typeof r === 'number' ||
              (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
            ) {
              value = r as never
              foldC.value = r as never
            } else return run.special(base + 2, value, foldC.keep(r))
          }
          if (count > 3) {
            at = 3
            if (mapD) {
              const r = mapD(value)
              if (
                typeof r === 'number' ||
                (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
              )
                value = r as never
              else if (r !== PASS) return run.special(base + 3, value, r)
            } else if (testD) {
              const r = testD(value)
              if (r !== true) {
                if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r))
                  return run.special(base + 3, value, verdict(r))
                if (!r) {
                  d.skipped++
                  return true
                }
              }
            } else if (foldD) {
              const r = callD(foldD.value, value)
              if (
                typeof r === 'number' ||
                (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
              ) {
                value = r as never
                foldD.value = r as never
              } else return run.special(base + 3, value, foldD.keep(r))
            }
          }
        }
      }
    } catch (error) {
      return run.fault(base + at, error)
    }
    if (tray && tray.entered < tray.full) {
      tray.entered++
      tray.open.push(value)
      return true
    }
    return last || next(value)
  }
  one.takeAll = (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      const item = items[position++] as never
      if (
        typeof item !== 'number' &&
        (typeof item === 'object' || typeof item === 'function') &&
        feed.awaits(item)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
        let value = item
        let at = 0
        try {
          if (mapA) {
            const r = mapA(value)
            if (
              typeof r === 'number' ||
              (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
            )
              value = r as never
            else if (r !== PASS) {
              more = run.special(base, value, r)
              break taken
            }
          } else if (testA) {
            const r = testA(value)
            if (r !== true) {
              if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r)) {
                more = run.special(base, value, verdict(r))
                break taken
              }
              if (!r) {
                a.skipped++
                more = true
                break taken
              }
            }
          } else if (foldA) {
            const r = callA(foldA.value, value)
            if (
              typeof r === 'number' ||
              (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
            ) {
              value = r as never
              foldA.value = r as never
            } else {
              more = run.special(base, value, foldA.keep(r))
              break taken
            }
          }
          if (count > 1) {
            at = 1
            if (mapB) {
              const r = mapB(value)
              if (
                typeof r === 'number' ||
                (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
              )
                value = r as never
              else if (r !== PASS) {
                more = run.special(base + 1, value, r)
                break taken
              }
            } else if (testB) {
              const r = testB(value)
              if (r !== true) {
                if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r)) {
                  more = run.special(base + 1, value, verdict(r))
                  break taken
                }
                if (!r) {
                  b.skipped++
                  more = true
                  break taken
                }
              }
            } else if (foldB) {
              const r = callB(foldB.value, value)
              if (
                typeof r === 'number' ||
                (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
              ) {
                value = r as never
                foldB.value = r as never
              } else {
                more = run.special(base + 1, value, foldB.keep(r))
                break taken
              }
            }
            if (count > 2) {
              at = 2
              if (mapC) {
                const r = mapC(value)
                if (
                  typeof r === 'number' ||
                  (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
                )
                  value = r as never
                else if (r !== PASS) {
                  more = run.special(base + 2, value, r)
                  break taken
                }
              } else if (testC) {
                const r = testC(value)
                if (r !== true) {
                  if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r)) {
                    more = run.special(base + 2, value, verdict(r))
                    break taken
                  }
                  if (!r) {
                    c.skipped++
                    more = true
                    break taken
                  }
                }
              } else if (foldC) {
                const r = callC(foldC.value, value)
                if (
                  typeof r === 'number' ||
                  (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
                ) {
                  value = r as never
                  foldC.value = r as never
                } else {
                  more = run.special(base + 2, value, foldC.keep(r))
                  break taken
                }
              }
              if (count > 3) {
                at = 3
                if (mapD) {
                  const r = mapD(value)
                  if (
                    typeof r === 'number' ||
                    (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
                  )
                    value = r as never
                  else if (r !== PASS) {
                    more = run.special(base + 3, value, r)
                    break taken
                  }
                } else if (testD) {
                  const r = testD(value)
                  if (r !== true) {
                    if (typeof r === 'object' ? typeof (r as Maybe)?.then === 'function' : isThenable(r)) {
                      more = run.special(base + 3, value, verdict(r))
                      break taken
                    }
                    if (!r) {
                      d.skipped++
                      more = true
                      break taken
                    }
                  }
                } else if (foldD) {
                  const r = callD(foldD.value, value)
                  if (
                    typeof r === 'number' ||
                    (typeof r === 'object' ? typeof (r as Maybe)?.then !== 'function' : !isSpecial(r))
                  ) {
                    value = r as never
                    foldD.value = r as never
                  } else {
                    more = run.special(base + 3, value, foldD.keep(r))
                    break taken
                  }
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(base + at, error)
          break taken
        }
        if (tray && tray.entered < tray.full) {
          tray.entered++
          tray.open.push(value)
        } else if (!last) more = next(value)
      }
      if (!more && feed.asked !== feed.given) return ~position
      if (feed.over) break
    }
    return position
  }
  return one
}

interface Kind {
  readonly map?: Apply
  readonly test?: Apply
  readonly fold?: Fold<never, never>
  readonly call: Fold<never, never>['call']
}

/** What a place calls: one of three. */
function kind({ step: { apply, test, fold } }: Place): Kind {
  if (fold) return { fold, call: fold.call }
  const call = apply as Kind['call']
  return test ? { test, call } : { map: apply, call }
}

/** The answer that a promised verdict will be. */
function verdict(promised: unknown): Promise<symbol> {
  return Promise.resolve(promised).then(settled => (settled ? PASS : SKIP))
}
