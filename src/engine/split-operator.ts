import { isThenable } from '../internal/is-thenable.ts'
import { type Ending, Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import { Slice } from './slice.ts'
import { Stamp } from './stamp.ts'
import type { Wait } from './wait.ts'

/** What a splitter answers when the chunks so far have no further piece. */
export const NONE: unique symbol = Symbol('none')

/** Makes pieces of chunks: a piece may take several chunks, and a chunk may have many pieces. */
export interface Splitter<I, O> {
  /** The next chunk; the pieces of the one before have been taken. A promise holds everything up until it settles. */
  push(chunk: I): unknown
  /** The next piece. What it throws fails the stage, behind the pieces before it. */
  next(): O | typeof NONE
  /** There are no more chunks: what is left is the last piece. */
  end(): unknown
  /** Nobody asks for more: it lets go of what it holds. */
  drop?(): void
}

/**
 * Gives out the pieces of its chunks one by one, as they are asked for. Holds one chunk with its next piece, so that a
 * chunk is done when its last piece has gone, and the beginning of a piece.
 */
export class SplitOperator<I, O> extends Operator<I, O> {
  readonly #splitter: Splitter<I, O>
  readonly #slice = new Slice()
  #piece: O | typeof NONE = NONE
  #wanted = false
  /** A chunk is inside: it may have further pieces. */
  #open = false
  #giving = false
  /** It goes on in a later turn of the event loop, or when the splitter's promise has settled. */
  #later = false
  #ending: Ending | undefined
  /** The splitter has been told that there are no more chunks. */
  #last = false
  stamp: Stamp | undefined

  constructor(down: Downstream<O>, splitter: Splitter<I, O>) {
    super(down)
    this.#splitter = splitter
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    this.#open = true
    if (this.#fed(() => this.#splitter.push(item))) this.#give()
    return this.#wanted && !this.#open && !this.over
  }

  override waitsOn(): Wait | undefined {
    if (!this.stamp?.at) return
    return { on: 'function', detail: 'its parser is being loaded', since: this.stamp.at }
  }

  override resume(): void {
    this.#wanted = true
    if (!this.#giving && !this.#later && !this.over) this.#goOn()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  protected override discard(): void {
    this.#piece = NONE
    this.#splitter.drop?.()
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#ending = ending
    if (!this.#open) this.#give()
  }

  /** Gives out what is there, then asks for more or says that all is done. */
  #goOn(): void {
    this.#give()
    if (this.over || this.#open || this.#ending) return
    if (this.#wanted) this.up.resume()
    else this.up.idle()
  }

  #onLater = (): void => {
    if (this.stamp) this.stamp.at = 0
    this.#later = false
    if (!this.over) this.#goOn()
  }

  #give(): void {
    const { next } = this.down
    const splitter = this.#splitter
    const slice = this.#slice
    let piece = this.#piece
    this.#piece = NONE
    this.#giving = true
    while (!this.over) {
      if (piece === NONE) {
        try {
          piece = splitter.next()
        } catch (error) {
          this.#break(error)
          break
        }
        if (piece === NONE) {
          if (this.#drained()) continue
          break
        }
      }
      if (!this.#wanted) break
      if (--slice.left <= 0 && slice.expired()) {
        this.#later = true
        slice.hop(this.#onLater)
        break
      }
      const given: O = piece
      piece = NONE
      this.emitted++
      this.#wanted = false
      if (next(given)) this.#wanted = true
    }
    this.#giving = false
    if (!this.over) this.#piece = piece
  }

  /** No piece is left of the chunks so far: whether there may be one now that the splitter knows that they are all. */
  #drained(): boolean {
    if (this.#open) {
      this.#open = false
      this.done++
    }
    const ending = this.#ending
    if (!ending) return false
    // What an input that fails leaves unfinished is nobody's piece.
    if (ending.failed || this.#last) {
      this.settle(ending)
      return false
    }
    this.#last = true
    return this.#fed(() => this.#splitter.end())
  }

  /** Hands the splitter something: whether it has taken it already. */
  #fed(feed: () => unknown): boolean {
    try {
      const fed = feed()
      if (!isThenable(fed)) return true
      this.#later = true
      this.stamp ??= new Stamp()
      this.stamp.mark()
      Promise.resolve(fed).then(this.#onLater, error => {
        if (!this.over) this.#break(error)
      })
    } catch (error) {
      this.#break(error)
    }
    return false
  }

  #break(error: unknown): void {
    if (this.#open) this.failed++
    this.raise(error)
  }
}
