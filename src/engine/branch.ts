import type { Scope } from './item-scope.ts'
import type { Ending } from './operator.ts'
import { type Downstream, NOWHERE, type Upstream } from './protocol.ts'

/** Who gives out what its branches have. */
export interface BranchOwner<I, O> {
  readonly over: boolean
  /** A branch has an item; whether it may go on. */
  offer(branch: Branch<I, O>, item: O): boolean
  /** A branch has ended. */
  advance(): void
  /** Whether the failure of a branch has been dealt with. */
  recovers(branch: Branch<I, O>, error: unknown): boolean
}

/** What one item expands to, while it is being given out. Holds at most one item that nobody has asked for. */
export class Branch<I, O> implements Downstream<O> {
  inner: Upstream = NOWHERE
  held: O | undefined
  holds = false
  ending: Ending | undefined
  scope: Scope | undefined
  /** Its item's position among those that came. */
  index = 0
  /** When its item's function gave a promise. */
  since: number | undefined
  /** An item of it was given out. */
  gave = false
  /** Its failure has been recovered from as far as it can be. */
  final = false
  /** Its item failed and is left out. */
  leftOut = false
  readonly owner: BranchOwner<I, O>

  constructor(owner: BranchOwner<I, O>) {
    this.owner = owner
  }

  readonly next = (item: O): boolean => {
    return !this.owner.over && this.owner.offer(this, item)
  }

  end(): void {
    this.ending = { failed: false }
    this.owner.advance()
  }

  fail(error: unknown): void {
    if (this.owner.recovers(this, error)) return
    this.ending = { failed: true, error }
    this.owner.advance()
  }

  abort(reason: unknown): void {
    this.fail(reason)
  }
}
