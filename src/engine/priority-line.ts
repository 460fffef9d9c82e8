import { checkFunction, show } from '../internal/check.ts'
import type { QueueStrategy } from '../strategy.ts'
import type { Line } from './line.ts'
import { PriorityInbox } from './priority-inbox.ts'
import { readAgeing } from './rank.ts'
import { WaitingRoom } from './waiting-room.ts'

/** An inbox that is a line with precedence instead of first come, first served. */
export interface PriorityOptions<T> {
  /**
   * How urgent an item is: higher ones leave first, items of the same priority in the order in which they came. Any
   * finite number; called once at the most for each item, and not for one that need not wait.
   */
  readonly priority: (item: T) => number
  /**
   * So that nothing starves: the priority of an item that waits rises by 1 for every so many milliseconds. An item can
   * only be overtaken by one that comes less than `ageing` times the difference of their priorities after it.
   * `Infinity`: the higher priority wins however long the other has waited. Default: 1000.
   */
  readonly ageing?: number
  /**
   * Who has to go when the inbox is full. `'lowest'`: the item with the lowest priority, be it the one that arrives or
   * one that is in already; of several, the one that came last, with `dropOldest` the one that has waited longest.
   * Not with `block`, under which nobody goes. With `timeout` when the time of a waiting item is up. `reject` and
   * `timeout` need an `onReject`, which is the only one to learn of an item that was taken and then had to go.
   * Default: whom the strategy names, whatever the priorities.
   */
  readonly evict?: 'lowest'
}

/** Nothing of a priority. */
export interface NoPriority {
  readonly priority?: undefined
  readonly ageing?: undefined
  readonly evict?: undefined
}

/** Makes the line that the options ask for; undefined: a plain one. */
export function lineOf<T>(
  where: string,
  options: (PriorityOptions<T> | NoPriority) & { readonly onReject?: unknown },
): ((strategy: QueueStrategy<T>) => Line<T>) | undefined {
  const { priority, ageing, evict, onReject } = options
  if (priority === undefined) {
    if (ageing !== undefined) throw new TypeError(`${where}: ageing needs a priority`)
    if (evict !== undefined) throw new TypeError(`${where}: evict needs a priority`)
    return undefined
  }
  checkFunction(`${where}: priority`, priority)
  if (evict !== undefined && evict !== 'lowest') {
    throw new TypeError(`${where}: evict must be 'lowest', received ${show(evict)}`)
  }
  const rule = { where, priority, ageing: readAgeing(where, ageing), evict: evict === 'lowest' }
  return strategy => {
    if (evict && strategy.mode === 'block') {
      throw new TypeError(`${where}: evict needs a strategy that drops or refuses, received block`)
    }
    if (evict && !onReject && (strategy.mode === 'reject' || strategy.mode === 'timeout')) {
      throw new TypeError(
        `${where}: evict with ${strategy.mode} needs an onReject; nobody else would learn of an item that was in`,
      )
    }
    const inbox = new PriorityInbox<T>(strategy, rule)
    const waiting = new WaitingRoom<T>(inbox.waiters)
    inbox.room = waiting
    return { inbox, waiting }
  }
}
