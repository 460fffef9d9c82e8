import { isThenable } from '../internal/is-thenable.ts'
import { Alarm } from './alarm.ts'
import { type Ending, Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'

/** A timer that is later than this, in milliseconds, had to wait for the event loop. */
const LATE = 10

/**
 * Hands items on, and makes one itself when none comes for so long while one is asked for. Holds at most one item: that
 * which comes when a made one has just been taken in its place.
 */
export class IdleOperator<I, O> extends Operator<I, I | O> {
  readonly #ms: number
  readonly #make: () => O | PromiseLike<O>
  readonly #alarm = new Alarm(late => this.#onIdle(late))
  /** The timer was late, and has been given a second turn. */
  #late = false
  #held: I | undefined
  #holds = false
  #wanted = false
  #giving = false
  #ending: Ending | undefined

  /** What `make` throws fails the stage. */
  constructor(down: Downstream<I | O>, ms: number, make: () => O | PromiseLike<O>) {
    super(down)
    this.#ms = ms
    this.#make = make
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    if (this.#wanted && !this.#giving) {
      this.#pass(item)
      return this.#wanted && !this.over
    }
    this.#held = item
    this.#holds = true
    return false
  }

  override resume(): void {
    if (this.over) return
    const waits = this.#wanted && !this.#holds
    this.#wanted = true
    if (this.#giving) return
    if (this.#holds) {
      const item = this.#held as I
      this.#held = undefined
      this.#holds = false
      this.#pass(item)
      if (this.over) return
      if (this.#ending) {
        this.settle(this.#ending)
        return
      }
      if (!this.#wanted) {
        this.up.idle()
        return
      }
    }
    this.up.resume()
    // Who asks again does not wait anew.
    if (!waits) this.#watch()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  protected override discard(): void {
    this.#alarm.stop()
    this.#held = undefined
    this.#holds = false
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#alarm.stop()
    this.#ending = ending
    if (!this.#holds) this.settle(ending)
  }

  #pass(item: I): void {
    this.done++
    this.#give(item)
  }

  #give(item: I | O): void {
    this.emitted++
    this.#wanted = false
    this.#giving = true
    if (this.down.next(item)) this.#wanted = true
    this.#giving = false
    this.#late = false
    this.#watch()
  }

  /** The time runs while an item is wanted: from when it is asked for, or the one before it was given. */
  #watch(): void {
    if (!this.#wanted || this.#ending || this.over) {
      this.#alarm.stop()
      return
    }
    const now = performance.now()
    this.#alarm.set(now + this.#ms, now)
  }

  #onIdle(late: number): void {
    // Who blocked the event loop kept the items waiting too: what has arrived meanwhile gets its turn first.
    if (late > LATE && !this.#late) {
      this.#late = true
      const now = performance.now()
      this.#alarm.set(now, now)
      return
    }
    const { entered } = this
    // An item that comes before the made one is ready takes its place.
    const stale = (): boolean => this.over || this.#ending !== undefined || this.entered !== entered
    const made = (item: O): void => {
      if (stale()) return
      this.#give(item)
      if (this.#wanted && this.#holds) this.resume()
    }
    const failed = (error: unknown): void => {
      if (!stale()) this.raise(error)
    }
    try {
      const item = this.#make()
      if (isThenable(item)) Promise.resolve(item as PromiseLike<O>).then(made, failed)
      else made(item as O)
    } catch (error) {
      this.raise(error)
    }
  }
}
