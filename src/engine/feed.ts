/**
 * What whoever gives an array's items one after the other shares with the loop that does it, which stands in the
 * receiver where that has one: a loop around a call that V8 cannot inline is much slower.
 */
export class Feed {
  /** Items given, the one on its way included. */
  given = 0
  /** How many that were when more was asked for. */
  asked = -1
  /** Nothing more is wanted. */
  over = false
  /** Whether an object or function is a promise; then the loop is left. */
  readonly awaits: (item: unknown) => boolean

  constructor(awaits: (item: unknown) => boolean) {
    this.awaits = awaits
  }

  /** More is wanted, whatever the answer to the item on its way will be. */
  ask(): void {
    this.asked = this.given
  }
}

/**
 * Takes items from one position up to another, each of them as `next` would. Gives the position of the first one that was
 * not looked at, or its complement (`~`) where the one before it is a promise or was answered with false.
 */
export type TakeAll<T> = (feed: Feed, items: readonly T[], from: number, to: number) => number

/** A receiver's open array, into which items may be put instead of being given, until `entered` is `full`. */
export interface Tray<T> {
  readonly open: { push(item: T): unknown }
  entered: number
  readonly full: number
}

/** How a receiver is given an item, and what it has that spares calls. */
export interface Next<T> {
  (item: T): boolean
  /** Its own loop over items that lie in an array. */
  takeAll?: TakeAll<T> | undefined
  tray?: Tray<T>
}

/** The loop for a receiver that has none. */
export function giveAll<T>(next: Next<T>, feed: Feed, items: readonly T[], from: number, to: number): number {
  const before = feed.given - from
  let at = from
  // What takes the items may make the array shorter.
  while (at < to && at < items.length) {
    const item = items[at++] as T
    // Numbers first: they are the quickest to tell.
    if (
      typeof item !== 'number' &&
      (typeof item === 'object' || typeof item === 'function') &&
      feed.awaits(item)
    )
      return ~at
    feed.given = before + at
    if (!next(item) && feed.asked !== feed.given) return ~at
    if (feed.over) break
  }
  return at
}
