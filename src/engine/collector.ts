import { noop } from '../internal/noop.ts'
import { deliver, type Ending } from './operator.ts'
import { type Downstream, NOWHERE, type Upstream } from './protocol.ts'
import { Stamp } from './stamp.ts'
import type { Scoped } from './step.ts'

/**
 * The last receiver of a chain: a collector's own `next` with what it needs around it. It may stop the stream, fail,
 * or wait for a promise before it takes the next item.
 */
export class Collector<T> implements Downstream<T> {
  up: Upstream = NOWHERE
  over = false
  readonly next: (item: T) => boolean
  readonly #onEnd: () => void
  readonly #onFail: (error: unknown) => void
  #waiting: Scoped | undefined
  /** Why it was aborted. */
  #reason: unknown
  #ending: Ending | undefined
  /** For `explain`. */
  name = ''
  stamp: Stamp | undefined

  constructor(
    take: (self: Collector<T>) => (item: T) => boolean,
    onEnd: () => void,
    onFail: (error: unknown) => void,
  ) {
    this.#onEnd = onEnd
    this.#onFail = onFail
    this.next = take(this)
  }

  end(): void {
    this.#endWith({ failed: false })
  }

  fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  /** Ends at once; the function that is being waited for is told through its signal. */
  abort(reason: unknown): void {
    if (this.over) return
    this.over = true
    this.#reason = reason
    this.#waiting?.scope?.abort(reason)
    this.#onFail(reason)
  }

  /** Needs no more: the source has done its clean-up before the result is given, as with `break` in a loop. */
  stop(): false {
    this.over = true
    Promise.resolve(this.up.cancel(undefined)).then(this.#onEnd, this.#onFail)
    return false
  }

  /** The collector's function failed. */
  raise(error: unknown): false {
    if (this.over) return false
    this.over = true
    this.up.cancel(error)?.catch(noop)
    this.#onFail(error)
    return false
  }

  /** Takes no further item until the promise has settled. */
  wait<R>(promise: PromiseLike<R>, scoped: Scoped, settled: (result: R) => void): false {
    this.#waiting = scoped
    // Its function has aborted it.
    if (this.over) scoped.scope?.abort(this.#reason)
    this.stamp ??= new Stamp()
    this.stamp.mark()
    Promise.resolve(promise).then(
      result => {
        if (this.over) return
        this.#waiting = undefined
        ;(this.stamp as Stamp).at = 0
        settled(result)
        if (this.#ending) this.#endWith(this.#ending)
        else this.up.resume()
      },
      error => this.raise(error),
    )
    return false
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#ending = ending
    if (this.#waiting) return
    this.over = true
    deliver({ end: this.#onEnd, fail: this.#onFail }, ending)
  }
}
