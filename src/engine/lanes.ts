import { isThenable } from '../internal/is-thenable.ts'
import type { Scope } from './item-scope.ts'
import { type Ending, Operator } from './operator.ts'
import type { Downstream } from './protocol.ts'
import { Stamp } from './stamp.ts'
import { FAILED, PASS, SKIP, type Step } from './step.ts'

/** One item at work. Reused, with its two handlers, so that an item costs no closures. */
class Lane {
  item: unknown
  /** Its position among the items that came. */
  index = 0
  /** When its promise was given; a fraction, so that V8 keeps it where it is. */
  since = 0.5
  result: unknown
  scope: Scope | undefined
  state: 'working' | 'settled' | 'failed' = 'settled'
  /** The next one among those that leave, or among the free ones. */
  behind: Lane | undefined
  readonly onResult: (result: unknown) => void
  readonly onError: (error: unknown) => void

  constructor(onResult: (result: unknown) => void, onError: (error: unknown) => void) {
    this.onResult = onResult
    this.onError = onError
  }
}

/**
 * Runs an asynchronous step on up to `limit` items at once. An item holds its lane from when it comes in until its
 * result has been taken downstream, so that at most `limit` are inside. Results leave in the order in which the items
 * came, or as they settle; an error leaves in its turn too, after the results before it.
 */
export class Lanes<I, O> extends Operator<I, O> {
  readonly #step: Step
  #limit: number
  readonly #ordered: boolean
  // Lists, since to V8 the `push` of an array is a call.
  #free: Lane | undefined
  /** Lanes of all items inside (ordered), or of the settled ones (unordered), in the order in which they leave. */
  #first: Lane | undefined
  #last: Lane | undefined
  /** The items inside, for their signals. */
  readonly lanes: Lane[] = []
  /** `down.next`, read once: it may be a getter, and is behind others. */
  #give: ((item: O) => boolean) | undefined
  stamp: Stamp | undefined
  #wanted = false
  #flushing = false
  /** Upstream was told to wait. */
  #stalled = true
  /** An item failed and will be reported in its turn: no further item is started. */
  #broken = false
  #ending: Ending | undefined

  constructor(down: Downstream<O>, step: Step, limit: number, ordered: boolean) {
    super(down)
    this.#step = step
    this.#limit = limit
    this.#ordered = ordered
  }

  get unordered(): boolean {
    return !this.#ordered
  }

  get limit(): number {
    return this.#limit
  }

  /** More lanes are used at once; with fewer, the items inside stay. */
  set limit(limit: number) {
    this.#limit = limit
    this.#refill()
  }

  /** Downstream does not take the result whose turn it is. */
  get held(): boolean {
    return this.#first?.state === 'settled'
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    // Inside, though never worked on: discarded when the error comes out in its turn.
    if (this.#broken) return false
    const lane = this.#take()
    lane.item = item
    lane.index = this.entered - 1
    lane.state = 'working'
    if (this.#ordered) this.#line(lane)
    try {
      const result = this.#step.apply(item as never)
      lane.scope = this.#step.scope
      if (isThenable(result)) {
        this.stamp ??= new Stamp()
        lane.since = this.stamp.mark()
        Promise.resolve(result).then(lane.onResult, lane.onError)
        // Its function has ended the chain: it is told as all others were.
        if (this.over) lane.scope?.abort(this.reason)
      } else this.#settle(lane, 'settled', result)
    } catch (error) {
      this.#settle(lane, 'failed', error)
    }
    this.#stalled = !this.#hungry
    return !this.#stalled
  }

  override resume(): void {
    this.#give ??= this.down.next
    this.#wanted = true
    this.#flush()
    this.#refill()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  protected override discard(reason: unknown): void {
    for (const lane of this.lanes) if (lane.state === 'working') lane.scope?.abort(reason)
    this.#first = this.#last = this.#free = undefined
    this.lanes.length = 0
  }

  /** Whether a further item may be started. */
  get #hungry(): boolean {
    return this.inside < this.#limit && !this.over && !this.#broken && !this.#ending
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#ending = ending
    this.#flush()
  }

  #take(): Lane {
    const free = this.#free
    if (free) {
      this.#free = free.behind
      free.behind = undefined
      return free
    }
    const lane: Lane = new Lane(
      result => this.#settle(lane, 'settled', result),
      error => this.#settle(lane, 'failed', error),
    )
    this.lanes.push(lane)
    return lane
  }

  /** Puts a lane behind those that leave. */
  #line(lane: Lane): void {
    if (this.#first) (this.#last as Lane).behind = lane
    else this.#first = lane
    this.#last = lane
  }

  #settle(lane: Lane, state: 'settled' | 'failed', result: unknown): void {
    if (this.over) {
      this.up.idle()
      return
    }
    lane.state = state
    lane.result = result
    lane.scope = undefined
    this.#broken ||= state === 'failed'
    if (!this.#ordered) this.#line(lane)
    if (this.#first?.state !== 'working') this.#flush()
  }

  #flush(): void {
    if (this.#flushing || this.over) return
    this.#flushing = true
    for (let lane = this.#first; lane && lane.state !== 'working'; lane = this.#first) {
      if (lane.state === 'failed') {
        this.failed++
        this.raise(lane.result)
        return
      }
      let { result } = lane
      // What is no symbol is not compared with one: to V8 that is a call.
      if (typeof result === 'symbol') {
        if (result === PASS) result = lane.item
        else if (result === SKIP || result === FAILED) {
          this.#leave(lane)
          if (result === SKIP) this.done++
          else this.failed = ++this.leftOut
          continue
        }
      }
      if (!this.#wanted) break
      this.#leave(lane)
      this.done++
      this.emitted++
      this.#wanted = false
      if ((this.#give as (item: O) => boolean)(result as O)) this.#wanted = true
      if (this.over) return
    }
    this.#flushing = false
    if (this.#ending && this.inside === 0) this.settle(this.#ending)
    else {
      this.#refill()
      if (this.inside === 0) this.up.idle()
    }
  }

  #leave(lane: Lane): void {
    lane.result = undefined
    this.#first = lane.behind
    lane.behind = this.#free
    this.#free = lane
  }

  #refill(): void {
    if (!this.#stalled || !this.#hungry) return
    this.#stalled = false
    this.up.resume()
  }
}
