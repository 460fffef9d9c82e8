import { isPlainArray } from '../internal/is-plain-array.ts'
import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import { Ring } from '../internal/ring.ts'
import { Branch } from './branch.ts'
import { Feed, giveAll } from './feed.ts'
import type { Scope } from './item-scope.ts'
import { type Ending, Operator } from './operator.ts'
import { closeUnused } from './produce.ts'
import { type Downstream, NOWHERE, type Producer } from './protocol.ts'
import { Slice } from './slice.ts'
import { Stamp } from './stamp.ts'
import { FAILED, SKIP, type Step } from './step.ts'
import type { Tally } from './tally.ts'
import type { Wait } from './wait.ts'

/**
 * Gives out what each item expands to: up to `limit` expansions are open at once, each at most one item ahead. With
 * `ordered`, they are given out one after the other; otherwise as their items come.
 */
export class FlatMapOperator<I, O> extends Operator<I, O> {
  readonly #step: Step
  readonly #limit: number
  readonly #ordered: boolean
  readonly #open: (value: unknown, scope: Scope | undefined) => Producer<O>
  #branches = new Ring<Branch<I, O>>()
  #wanted = false
  #advancing = false
  #again = false
  #stalled = true
  #broken = false
  #ending: Ending | undefined
  /** The rest of an array that downstream interrupted: the fast path of `limit` 1. */
  #rest: readonly O[] | undefined
  #at = 0
  /** The items of arrays, which have an account of their own. */
  readonly #feed = new Feed(item => {
    this.#promised = isThenable(item)
    return this.#promised
  })
  /** An array has a promise in it. */
  #promised = false
  /** The items of an array are being given. */
  #giving = false
  readonly #slice = new Slice()
  stamp: Stamp | undefined
  /** The rest goes on in a later turn of the event loop. */
  #hopping = false

  constructor(
    down: Downstream<O>,
    step: Step,
    limit: number,
    ordered: boolean,
    open: (value: unknown, scope: Scope | undefined) => Producer<O>,
  ) {
    super(down)
    this.#step = step
    this.#limit = limit
    this.#ordered = ordered
    this.#open = open
  }

  get unordered(): boolean {
    return !this.#ordered
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    // Inside, though never worked on: discarded when the error comes out in its turn.
    if (this.#broken) return false
    let value: unknown
    let flat: boolean
    try {
      value = this.#step.apply(item as never)
      flat = this.#limit === 1 && isPlainArray(value)
    } catch (error) {
      return this.#start({ failed: true, error })
    }
    // Its function has ended the chain: it is told as all others were.
    if (this.over) this.#step.scope?.abort(this.reason)
    if (flat && this.#wanted && !this.#step.recover) {
      const more = this.#giveArray(value as O[], 0)
      this.#stalled = !more
      return more
    }
    return this.#start(undefined, value)
  }

  /** How many expansions may be open. */
  get limit(): number {
    return this.#limit
  }

  override waitsOn(): Wait | undefined {
    const first = this.#branches.peek()
    if (!first || first.holds || first.ending || this.#hopping) return
    const item = `item ${first.index}`
    const { inner } = first
    if (inner === NOWHERE)
      return this.#step.waitsOn?.() ?? { on: 'function', detail: item, since: first.since }
    const wait = inner.waitsOn?.()
    return { ...wait, on: 'source', detail: `what ${item} expands to` }
  }

  override resume(): void {
    this.#wanted = true
    this.#feed.ask()
    if (this.#hopping) return
    if (this.#rest) {
      const rest = this.#rest
      this.#rest = undefined
      this.#giveArray(rest, this.#at)
      if (this.over || this.#rest) return
    }
    this.advance()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  override tally(): Tally {
    const { entered, done, failed } = this
    return { entered, done, failed, emitted: this.emitted + this.#feed.given }
  }

  protected override discard(reason: unknown): void {
    this.#feed.over = true
    if (this.#rest) this.#step.scope?.abort(reason)
    this.#rest = undefined
    const branches = this.#branches
    this.#branches = new Ring()
    while (branches.length > 0) {
      const { inner, scope } = branches.shift()
      scope?.abort(reason)
      inner.cancel(reason)?.catch(noop)
    }
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.#ending = ending
    if (this.#giving || this.#rest || this.#branches.length > 0) return
    this.settle(ending)
  }

  #giveArray(array: readonly O[], from: number): boolean {
    const { next } = this.down
    const feed = this.#feed
    const slice = this.#slice
    this.#stalled = true
    this.#advancing = this.#giving = true
    let at = from
    try {
      while (at < array.length && this.#wanted) {
        if (slice.left <= 0 && slice.expired()) {
          this.#hopping = true
          slice.hop(this.#onHop)
          break
        }
        const to = Math.min(array.length, at + slice.left)
        this.#wanted = false
        const end = next.takeAll ? next.takeAll(feed, array, at, to) : giveAll(next, feed, array, at, to)
        if (this.over) return false
        slice.left += at
        at = end < 0 ? ~end : end
        slice.left -= at
        this.#wanted = end >= 0 || this.#promised || feed.asked === feed.given
        if (this.#promised) break
      }
      this.#advancing = this.#giving = false
      // The rest of an array with a promise in it takes the way of all other sources, which await their items.
      if (this.#promised) {
        this.#promised = false
        return this.#start(undefined, array.slice(at - 1))
      }
      if (at < array.length) {
        this.#rest = array
        this.#at = at
        return false
      }
    } catch (error) {
      // The array has a getter, or is a proxy.
      this.failed++
      return this.raise(error)
    }
    this.done++
    if (this.#ending) this.#endWith(this.#ending)
    else if (!this.#wanted) this.up.idle()
    return this.#wanted
  }

  #onHop = (): void => {
    this.#hopping = false
    if (!this.over && this.#wanted) this.resume()
  }

  /** Opens what an item expands to, in the background where it is a promise; whether a further item is welcome. */
  #start(failure: Ending | undefined, value?: unknown): boolean {
    const branch = new Branch<I, O>(this)
    branch.scope = this.#step.scope
    branch.index = this.entered - 1
    this.#branches.push(branch)
    if (failure) this.#break(branch, failure)
    else this.#await(branch, value)
    const more =
      this.#branches.length < this.#limit && !this.over && !this.#broken && !this.#ending && this.#wanted
    this.#stalled = !more
    return more
  }

  #await(branch: Branch<I, O>, value: unknown): void {
    const failed = (error: unknown): void => this.#break(branch, { failed: true, error })
    try {
      if (isThenable(value)) {
        this.stamp ??= new Stamp()
        branch.since = this.stamp.mark()
        Promise.resolve(value).then(inner => this.#connect(branch, inner), failed)
        return
      }
    } catch (error) {
      failed(error)
      return
    }
    this.#connect(branch, value)
  }

  #connect(branch: Branch<I, O>, value: unknown): void {
    if (this.over) {
      closeUnused(value, this.reason)
      return
    }
    if (value === FAILED || value === SKIP) {
      branch.leftOut = value === FAILED
      branch.ending = { failed: false }
    } else {
      try {
        branch.inner = this.#open(value, branch.scope).connect(branch)
      } catch (error) {
        if (!this.recovers(branch, error)) this.#break(branch, { failed: true, error })
        return
      }
    }
    if (this.#mayPull) branch.inner.resume()
    this.advance()
  }

  #break(branch: Branch<I, O>, ending: Ending): void {
    this.#broken = true
    branch.ending = ending
    branch.final = true
    this.advance()
  }

  /** What an item expands to has failed: whether its step's policies deal with that. */
  recovers(branch: Branch<I, O>, error: unknown): boolean {
    const { recover } = this.#step
    if (!recover || !branch.scope || branch.final || this.over) return false
    branch.inner = NOWHERE
    let value: unknown
    try {
      value = recover(branch.scope, error, !branch.gave)
    } catch (thrown) {
      this.#break(branch, { failed: true, error: thrown })
      return true
    }
    this.#await(branch, value)
    return true
  }

  /** A branch has an item: gives it out where it may, else lets the branch hold it. Whether the branch may go on. */
  offer(branch: Branch<I, O>, item: O): boolean {
    branch.gave = true
    const turn = !this.#ordered || this.#branches.peek() === branch
    if (!turn || !this.#wanted || branch.holds) {
      branch.held = item
      branch.holds = true
      return false
    }
    this.#emit(item)
    return this.#wanted && !this.over
  }

  /** One inner source at a time is read as its items are asked for; several are read ahead, one item each. */
  get #mayPull(): boolean {
    return this.#wanted || this.#limit > 1
  }

  #emit(item: O): void {
    this.emitted++
    this.#wanted = false
    if (this.down.next(item)) this.#wanted = true
  }

  /** Gives out what can be given, closes what has ended, asks for more where there is room. */
  advance(): void {
    if (this.#advancing) {
      this.#again = true
      return
    }
    this.#advancing = true
    do {
      this.#again = false
      this.#round()
    } while (this.#again && !this.over)
    this.#advancing = false
    // The rest of an array comes before all else, in a later turn.
    if (this.over || this.#rest) return
    if (this.#branches.length === 0 && this.#ending) this.#endWith(this.#ending)
    else if (
      this.#stalled &&
      this.#wanted &&
      this.#branches.length < this.#limit &&
      !this.#broken &&
      !this.#ending
    ) {
      this.#stalled = false
      this.up.resume()
    } else if (this.#branches.length === 0) this.up.idle()
  }

  #round(): void {
    let left = this.#branches.length
    while (left-- > 0 && !this.over) {
      const branch = this.#branches.peek() as Branch<I, O>
      if (branch.holds && this.#wanted) {
        const item = branch.held as O
        branch.held = undefined
        branch.holds = false
        this.#emit(item)
        if (this.over) return
      }
      if (!branch.holds && branch.ending) {
        if (branch.ending.failed) {
          this.failed++
          this.raise(branch.ending.error)
          return
        }
        this.#branches.shift()
        if (branch.leftOut) this.failed = ++this.leftOut
        else {
          this.done++
          if (branch.scope) this.#step.ended?.(branch.scope)
        }
        continue
      }
      if (!branch.holds && this.#mayPull) branch.inner.resume()
      if (this.over) return
      // A branch that ended while it was resumed is looked at once more; in order, nobody overtakes the first.
      if (!branch.holds && branch.ending) {
        left++
        continue
      }
      if (this.#ordered) break
      this.#branches.push(this.#branches.shift())
    }
  }
}
