import { type CompileLoop, ignore, type Maybe, type Place } from './group.ts'
import { kindOf, verdictOf } from './kind.ts'
import { isSpecial, PASS } from './step.ts'

// Written by `npm run loops`: change group-loop.ts and run it again.

const loop0: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

const loop1: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

const loop2: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

const loop3: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

const loop4: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

const loop5: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

const loop6: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

const loop7: CompileLoop = (run, account, base, places, next) => {
  const count = places.length
  const a = places[0] as Place
  const [, b = a, c = a, d = a] = places
  const { call: callA, test: testA, fold: foldA } = kindOf(a)
  const { call: callB, test: testB, fold: foldB } = kindOf(b)
  const { call: callC, test: testC, fold: foldC } = kindOf(c)
  const { call: callD, test: testD, fold: foldD } = kindOf(d)
  const last = next === ignore
  const { tray } = next
  return (feed, items, from, to) => {
    const before = feed.given - from
    let position = from
    // A function may make the array shorter.
    while (position < to && position < items.length) {
      let value = items[position++] as never
      // Numbers first: they are the quickest to tell.
      if (
        typeof value !== 'number' &&
        (typeof value === 'object' || typeof value === 'function') &&
        feed.awaits(value)
      )
        return ~position
      feed.given = before + position
      account.entered++
      let more = true
      let at = base
      // biome-ignore lint/suspicious/noConfusingLabels: left from every place, for what comes behind the item
      taken: {
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
              break taken
            }
          } else if (r !== PASS) {
            more = run.special(at, value, testA ? verdictOf(r) : foldA ? foldA.keep(r as never) : r)
            break taken
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
                break taken
              }
            } else if (r !== PASS) {
              more = run.special(at, value, testB ? verdictOf(r) : foldB ? foldB.keep(r as never) : r)
              break taken
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
                  break taken
                }
              } else if (r !== PASS) {
                more = run.special(at, value, testC ? verdictOf(r) : foldC ? foldC.keep(r as never) : r)
                break taken
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
                    break taken
                  }
                } else if (r !== PASS) {
                  more = run.special(at, value, testD ? verdictOf(r) : foldD ? foldD.keep(r as never) : r)
                  break taken
                }
              }
            }
          }
        } catch (error) {
          more = run.fault(at, error)
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
}

/** Loops like that of group-loop.ts, each for one group alone. */
export const ownLoops: readonly CompileLoop[] = [loop0, loop1, loop2, loop3, loop4, loop5, loop6, loop7]
