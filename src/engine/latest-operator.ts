import { Alarm } from './alarm.ts'
import { Breather } from './breather.ts'
import { type Ending, Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import type { Wait } from './wait.ts'

/** What a moment is reckoned from; all are times of `performance.now()`. */
export interface Moments {
  /** Somebody asked for the first item. */
  readonly start: number
  /** An item came that nobody has been given yet, nor any later one. */
  readonly since: number
  /** The latest item was given out. */
  readonly last: number
}

/**
 * Keeps the latest item until its time has come, and then until it is taken. Its source is never made to wait: an item
 * that comes meanwhile takes the place of the one before it.
 */
export class LatestOperator<I> extends Operator<I, I> implements Moments {
  start = 0
  since = 0
  last = -Infinity
  dropped = 0
  readonly #dueAt: (now: number, moments: Moments) => number
  readonly #told: (item: I) => void
  readonly #alarm = new Alarm(() => {
    this.#ripe = true
    this.#give()
    this.#rest()
  })
  readonly #breather = new Breather(() => this.over || this.#ending || this.up.resume())
  #held: I | undefined
  #holds = false
  /** The time of the item held has come. */
  #ripe = false
  #started = false
  #wanted = false
  #giving = false
  #ending: Ending | undefined

  /** `dueAt` says when the item that comes now may go; `told` hears of each item that another one has replaced. */
  constructor(
    down: Downstream<I>,
    dueAt: (now: number, moments: Moments) => number,
    told: (item: I) => void,
  ) {
    super(down)
    this.#dueAt = dueAt
    this.#told = told
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    const now = performance.now()
    const replaced = this.#held as I
    const replaces = this.#holds
    this.#held = item
    this.#holds = true
    if (!replaces) this.since = now
    const due = this.#dueAt(now, this)
    this.#ripe = due <= now
    if (this.#ripe) this.#alarm.stop()
    else this.#alarm.set(due, now)
    if (replaces) {
      this.dropped++
      try {
        this.#told(replaced)
      } catch (error) {
        return this.raise(error)
      }
    }
    this.#give()
    return !this.over && !this.#breather.pause(now)
  }

  override get inside(): number {
    return super.inside - this.dropped
  }

  override waitsOn(): Wait | undefined {
    if (!this.#holds || this.#ripe) return
    return { on: 'timer', detail: 'the moment of its latest item', until: this.#alarm.due }
  }

  override resume(): void {
    if (this.over) return
    this.#wanted = true
    this.#give()
    this.#rest()
    if (this.#started || this.over) return
    this.#started = true
    this.start = performance.now()
    this.up.resume()
  }

  override end(): void {
    if (this.over) return
    this.#ending = { failed: false }
    this.#ripe = this.#holds
    this.#alarm.stop()
    this.#give()
  }

  override fail(error: unknown): void {
    if (this.over) return
    this.#ending = { failed: true, error }
    // One whose time has not come is discarded, as the rest of an unfinished batch is.
    if (!this.#ripe) this.discard()
    this.#give()
  }

  protected override discard(): void {
    this.#alarm.stop()
    this.#held = undefined
    this.#holds = this.#ripe = false
  }

  /** Its source is told that nothing is held any more: the next item may be long in coming. */
  #rest(): void {
    if (this.#started && !this.#holds && !this.#giving && !this.over) this.up.idle()
  }

  /** Gives out what is due and wanted, and after it the ending. */
  #give(): void {
    if (this.#giving) return
    this.#giving = true
    while (this.#wanted && this.#ripe) {
      const item = this.#held as I
      this.#held = undefined
      this.#holds = this.#ripe = false
      this.last = performance.now()
      this.done++
      this.emitted++
      this.#wanted = false
      if (this.down.next(item)) this.#wanted = true
    }
    this.#giving = false
    if (this.#ending && !this.#holds) this.settle(this.#ending)
  }
}
