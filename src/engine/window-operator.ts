import { noop } from '../internal/noop.ts'
import { Breather } from './breather.ts'
import { type Ending, Operator } from './operator.ts'
import type { Downstream, Producer } from './protocol.ts'
import type { Wait } from './wait.ts'
import { Window, type WindowOwner } from './window.ts'

/** What a window operator is made of. */
export interface WindowShape<I, W> {
  /** Items of a window at the most. */
  readonly size: number
  /** How long a window is open after its first item, in milliseconds. */
  readonly time: number | undefined
  /** Makes of a window what the outer flow is given. */
  readonly show: (window: Producer<I>) => W
  /** Told of each item of a window that its reader has cancelled. */
  readonly told: (item: I) => void
}

const ENDED: Ending = { failed: false }

/**
 * Deals items out to windows, one after the other. A window opens with its first item and is the only one until its
 * reader has come to its end: items are asked for as that reader asks, or, for the first one, as the outer flow does.
 */
export class WindowOperator<I, W> extends Operator<I, W> implements WindowOwner<I> {
  dropped = 0
  readonly #shape: WindowShape<I, W>
  #window: Window<I> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #breather = new Breather(() => this.#pull())
  /** The outer flow wants a window. */
  #wanted = false
  #showing = false
  /** An item is being taken: whether another one is wanted is said with its answer. */
  #taking = false
  /** The outer flow wants no further window; the one that is open goes on. */
  #left = false
  #ending: Ending | undefined

  constructor(down: Downstream<W>, shape: WindowShape<I, W>) {
    super(down)
    this.#shape = shape
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    this.#taking = true
    const window = this.#window ?? this.#open()
    const { hungry } = window
    if (++window.count >= this.#shape.size) {
      window.ending = ENDED
      clearTimeout(this.#timer)
    }
    if (hungry) {
      this.done++
      window.give(item)
    } else if (window.cancelled) this.#drop(item)
    else {
      window.hold(item)
      this.#show()
    }
    this.#tidy()
    this.#taking = false
    if (!this.#hungry) return false
    return !window.cancelled || !this.#breather.pause(performance.now())
  }

  override get inside(): number {
    return super.inside - this.dropped
  }

  override waitsOn(): Wait | undefined {
    const window = this.#window
    if (!window?.shown || window.cancelled || window.hungry || window.over) return
    return { on: 'reader', detail: 'its open window is not read' }
  }

  override resume(): void {
    if (this.over || this.#left) return
    this.#wanted = true
    this.#show()
    this.#pull()
  }

  override end(): void {
    this.#endWith(ENDED)
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  override abort(reason: unknown): void {
    if (this.over) return
    this.#window?.abort(reason)
    this.#ending = { failed: true, error: reason }
    if (this.#left) this.#leave()
    else super.abort(reason)
  }

  override cancel(reason: unknown): Promise<void> | undefined {
    const window = this.#window
    // With a reason, something has failed or was aborted, and nobody may be left to read the window.
    if (this.over || !window?.shown || window.cancelled || reason !== undefined) return super.cancel(reason)
    // Whoever takes only a few windows wants all of their items.
    this.#left = true
    this.#wanted = false
    return undefined
  }

  protected override discard(reason: unknown): void {
    clearTimeout(this.#timer)
    const window = this.#window
    this.#window = undefined
    if (!window) return
    if (window.holds) window.release()
    window.close({ failed: true, error: reason })
  }

  asked(window: Window<I>): void {
    if (window.holds) {
      this.done++
      window.give(window.release())
      this.#tidy()
    }
    this.#pull()
  }

  left(window: Window<I>, reason: unknown): Promise<void> | undefined {
    if (window !== this.#window) return
    if (window.holds) this.#drop(window.release())
    if (this.#left && !this.over) return this.#leave(reason)
    this.#tidy()
    this.#pull()
    return undefined
  }

  #open(): Window<I> {
    const { time } = this.#shape
    if (time !== undefined) this.#timer = setTimeout(this.#onTime, time)
    this.#window = new Window<I>(this)
    return this.#window
  }

  #onTime = (): void => {
    this.#window?.close(ENDED)
    this.#tidy()
    this.#pull()
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#ending = ending
    clearTimeout(this.#timer)
    this.#window?.close(ending)
    this.#tidy()
  }

  /** Gives the outer flow the window that it has not seen yet. */
  #show(): void {
    if (this.#showing) return
    this.#showing = true
    while (this.#wanted && this.#window && !this.#window.shown) {
      this.#window.shown = true
      this.emitted++
      this.#wanted = false
      if (this.down.next(this.#shape.show(this.#window))) this.#wanted = true
    }
    this.#showing = false
  }

  /** Forgets a window of which nothing more is to come, and ends with the last one. */
  #tidy(): void {
    if (this.over) return
    if (this.#window?.over) {
      clearTimeout(this.#timer)
      this.#window = undefined
    }
    if (this.#window) return
    if (this.#left) this.#leave()?.catch(noop)
    else if (this.#ending) this.settle(this.#ending)
  }

  /** Nobody is left: neither the outer flow nor a window. */
  #leave(reason?: unknown): Promise<void> | undefined {
    if (!this.#ending) return super.cancel(reason)
    this.discard(undefined)
    this.over = true
    this.onOver()
    return undefined
  }

  #drop(item: I): void {
    this.dropped++
    try {
      this.#shape.told(item)
    } catch (error) {
      this.raise(error)
    }
  }

  get #hungry(): boolean {
    if (this.over || this.#ending) return false
    const window = this.#window
    return window && !window.cancelled ? window.hungry : this.#wanted
  }

  #pull(): void {
    if (this.#taking || this.over) return
    if (this.#hungry) this.up.resume()
    else if (this.inside === 0) this.up.idle()
  }
}
