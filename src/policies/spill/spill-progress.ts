import type { Entry } from '../../engine/operator.ts'
import type { Wait } from '../../engine/wait.ts'
import type { SpillError } from '../../errors.ts'
import type { SpillLog } from './spill-log.ts'

/** How far the operator has come with the items that it was given, and whether the store knows. */
export class SpillProgress<I> {
  node: Entry<I> | undefined
  /** The store did not take word of it when it was told last. */
  unheard: SpillError | undefined
  readonly #log: SpillLog
  readonly #memory: number
  #finished = 0
  #told = 0
  #triedAgain = false

  constructor(log: SpillLog, memory: number) {
    this.#log = log
    this.#memory = memory
  }

  /** Whether the operator may be given more: a crash repeats no more than `memory` items beside those at work. */
  get mayGive(): boolean {
    const { taken, recorded } = this.#log
    return this.node !== undefined && taken - this.node.inside - recorded < this.#memory
  }

  /** What keeps the operator from the next item, if it is the store. */
  get wait(): Wait | undefined {
    const since = this.#log.owedSince
    return since === undefined || (this.#log.cached > 0 && this.mayGive) ? undefined : { on: 'store', since }
  }

  /** How many of the items given, from the first one, are finished with. */
  get finished(): number {
    if (!this.node) return 0
    const { inside, faulted, unordered } = this.node
    // Where they come to their end in any order, only the moments when none is at work tell.
    if (!unordered || (inside === 0 && !faulted)) {
      this.#finished = Math.max(this.#finished, this.#log.taken - inside - (faulted ? 1 : 0))
    }
    return this.#finished
  }

  /** Whether the store is behind. */
  get untold(): boolean {
    return this.#log.behind(this.finished)
  }

  /** Whether there is news since it was told last, or it has taken that. */
  get news(): boolean {
    return !this.unheard || this.finished > this.#told
  }

  /** The store is being told. */
  tell(): number {
    this.#told = this.finished
    return this.#told
  }

  /** It has answered. */
  heard(error: SpillError | undefined): void {
    this.unheard = error
    if (!error) this.#triedAgain = false
  }

  /** Whether to tell it once more, before the stage goes on without that. */
  mayTryAgain(): boolean {
    if (this.unheard && this.#triedAgain) return false
    this.#triedAgain = this.unheard !== undefined
    return true
  }
}
