import type { Given } from './time-tools.ts'

/** What there is to know at one moment about the latest item. */
export interface Held {
  readonly item: number
  /** When it came. */
  readonly came: number
  /** When the first one came of those that nobody was given. */
  readonly since: number
  /** When an item was given last. */
  readonly last: number
}

/**
 * What a stage that keeps the latest item gives, told millisecond by millisecond: `ripe` says whether the time of the item
 * held has come. Items come after `pauses`, and whoever takes them is busy with each for `work` ms.
 */
export function latestModel(
  pauses: readonly number[],
  { work, end }: { work: number; end: number },
  ripe: (held: Held, now: number) => boolean,
): { given: Given<number>; dropped: number[] } {
  const given: Given<number> = []
  const dropped: number[] = []
  let held: Held | undefined
  let busyUntil = 0
  let last = -Infinity
  let ended = false
  const look = (now: number): void => {
    if (!held || now < busyUntil || !(ended || ripe(held, now))) return
    given.push([held.item, now])
    held = undefined
    last = now
    busyUntil = now + work
  }
  const arrivals: number[] = []
  for (const pause of pauses) arrivals.push((arrivals.at(-1) ?? 0) + pause)
  const endsAt = (arrivals.at(-1) ?? 0) + end
  for (let now = 0, next = 0; now <= endsAt || held; now++) {
    look(now)
    for (; arrivals[next] === now; next++) {
      if (held) dropped.push(held.item)
      held = { item: next, came: now, since: held?.since ?? now, last }
      look(now)
    }
    if (now === endsAt) ended = true
    look(now)
  }
  return { given, dropped }
}
