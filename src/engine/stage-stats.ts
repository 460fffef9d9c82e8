import type { AdaptiveLimit, AdaptiveStats } from '../policies/adaptive-limit.ts'
import type { Inbox } from './inbox.ts'
import type { Tally } from './tally.ts'

/** A snapshot of one stage; `received = queued + inFlight + done + failed + dropped + rejected + timedOut + discarded`. */
export interface StageStats extends Partial<AdaptiveStats> {
  /** The stage's name. */
  readonly name: string
  /** Items that arrived at the stage, whatever became of them. */
  readonly received: number
  /** Items waiting in the inbox. */
  readonly queued: number
  /** Items inside the operator. */
  readonly inFlight: number
  /** Items the operator has finished with, those it filtered out included. */
  readonly done: number
  /** Items whose function failed. */
  readonly failed: number
  /** Items discarded by a full inbox (`dropNewest`, `dropOldest`). */
  readonly dropped: number
  /** Items refused by a full inbox (`reject`), those included that were in and had to go for others (`evict`). */
  readonly rejected: number
  /** Items refused after a wait (`timeout`). */
  readonly timedOut: number
  /** Items that were inside when a cancel, an abort or a failure came. */
  readonly discarded: number
  /** Items the stage gave out. */
  readonly emitted: number
  /** What the inbox holds at the most, in the units of its strategy. Without a strategy there is no inbox: 1, which bounds nothing. */
  readonly capacity: number
  /** Part of the capacity in use, from 0 to 1; 0 without an inbox. */
  readonly utilization: number
}

/** Where a snapshot's figures come from. */
export interface StatsSources {
  readonly name: string
  readonly tally: Tally | undefined
  /** The operator takes and gives nothing more: what is inside was discarded. */
  readonly over?: boolean | undefined
  readonly inbox?:
    | (Pick<Inbox<unknown>, 'received' | 'count' | 'discarded' | 'capacity' | 'weight'> &
        Partial<Pick<Inbox<unknown>, 'dropped' | 'rejected' | 'timedOut'>>)
    | undefined
  readonly limit?: AdaptiveLimit | undefined
  /** For a stage without an inbox. */
  readonly capacity?: number
}

const NOTHING: Tally = { entered: 0, done: 0, failed: 0, emitted: 0 }

export function statsOf({
  name,
  tally = NOTHING,
  over = false,
  inbox,
  limit,
  capacity = 1,
}: StatsSources): StageStats {
  const { entered, done, failed, emitted, dropped = 0, rejected = 0 } = tally
  const inside = entered - done - failed - dropped - rejected
  const held = inbox?.capacity ?? capacity
  return {
    name,
    received: inbox?.received ?? entered,
    queued: inbox?.count ?? 0,
    inFlight: over ? 0 : inside,
    done,
    failed,
    dropped: (inbox?.dropped ?? 0) + dropped,
    rejected: (inbox?.rejected ?? 0) + rejected,
    timedOut: inbox?.timedOut ?? 0,
    discarded: (inbox?.discarded ?? 0) + (over ? inside : 0),
    emitted,
    capacity: held,
    utilization: inbox && held < Infinity ? Math.min(1, inbox.weight / held) : 0,
    ...limit?.stats,
  }
}
