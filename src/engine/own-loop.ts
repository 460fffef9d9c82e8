import { noop } from '../internal/noop.ts'
import { giveAll, type Next, type TakeAll } from './feed.ts'
import type { Account, CompileLoop, Place } from './group.ts'
import { kindOf } from './kind.ts'
import { ownLoops } from './own-loops.ts'

/** When a group of steps gets a loop of its own, and who has one. */
export const heat = {
  /** Items of a run after which a group looks for the loop that an earlier run of the same pipeline has got. */
  warm: 4096,
  /** Items of a run after which a group takes a loop that nobody has. */
  hot: 32_768,
  /** For each loop that is taken the source of what its group calls: a pipeline may be made again and again. */
  owners: [] as string[],
}

/**
 * Lets the first group of a run take the items of arrays in a loop of its own, once it has had enough of them. V8 collects
 * what it has seen by place in the source: where all groups share a loop it can inline none of their functions, in a loop
 * that has only ever run one group it inlines them all.
 */
export function ownLoopWhenHot(
  one: Next<never>,
  account: Account,
  places: readonly Place[],
  make: (loop: CompileLoop) => TakeAll<never>,
): void {
  const shared = one.takeAll
  let look = heat.warm
  one.takeAll = (feed, items, from, to) => {
    if (account.entered >= look) {
      look = heat.hot
      const hot = account.entered >= look
      const own = ownLoopOf(places, hot)
      if (own) one.takeAll = make(own)
      else if (hot) one.takeAll = shared
    }
    return shared ? shared(feed, items, from, to) : giveAll(one, feed, items, from, to)
  }
}

function ownLoopOf(places: readonly Place[], hot: boolean): CompileLoop | undefined {
  const { owners } = heat
  // Not in words of its own, which a function may have.
  const key = places.map(place => noop.toString.call(kindOf(place).call)).join()
  if (hot && owners.length < ownLoops.length && !owners.includes(key)) owners.push(key)
  return ownLoops[owners.indexOf(key)]
}
