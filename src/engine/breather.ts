import { HOLD, Slice } from './slice.ts'

/** Items between two looks whether the event loop still turns. */
const STRIDE = 16

/**
 * For an operator that takes items without end and gives none, behind a source that never comes to rest: a stream of the
 * platform's whose items are all there keeps timers and I/O waiting for as long as it is read.
 */
export class Breather {
  readonly #slice = new Slice()
  readonly #go: () => void
  #items = 0
  #since: number | undefined
  /** The source has been told to wait for the next turn. */
  #paused = false

  /** `go` is called in the turn that was made room for. */
  constructor(go: () => void) {
    this.#go = go
  }

  /** Counts an item that came at `now`: whether the source has to wait for a turn of the event loop. */
  pause(now: number): boolean {
    if (this.#since === undefined) {
      if (++this.#items < STRIDE) return false
      this.#since = now
      this.#slice.hop(this.#onTurn)
    }
    this.#paused = now - this.#since >= HOLD
    return this.#paused
  }

  #onTurn = (): void => {
    this.#items = 0
    this.#since = undefined
    if (!this.#paused) return
    this.#paused = false
    this.#go()
  }
}
