import { noop } from '../internal/noop.ts'
import { Heap, type HeapNode } from './heap.ts'
import { deliver, type Ending } from './operator.ts'
import { type Downstream, NOWHERE, type Producer, type Upstream } from './protocol.ts'
import { ahead, keyOf, type Rank } from './rank.ts'
import { Slice } from './slice.ts'

/** One of the sources of a merge. */
export interface PrioritizedProducer<T> {
  readonly producer: Producer<T>
  readonly priority: number
}

/** One source's way into a merge. Holds at most one item. */
class Branch<T> implements Downstream<T>, Rank, HeapNode {
  at = -1
  key = 0
  order = 0
  item: T | undefined
  inner: Upstream = NOWHERE
  /** Which of all the merge's requests was the latest to this source; 0: it has answered. */
  request = 0
  over = false
  readonly priority: number
  readonly merge: PrioritizedMerge<T>

  constructor(merge: PrioritizedMerge<T>, priority: number) {
    this.merge = merge
    this.priority = priority
  }

  readonly next = (item: T): boolean => {
    if (!this.over) this.merge.take(this, item)
    // Asked again when its item has been given out.
    return false
  }

  end(): void {
    this.#endWith({ failed: false })
  }

  fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  abort(reason: unknown): void {
    if (this.over) return
    this.over = true
    this.merge.abort(reason)
  }

  #endWith(ending: Ending): void {
    if (this.over) return
    this.over = true
    this.request = 0
    this.merge.ended(ending)
  }
}

/**
 * Merges sources, one item ahead each: of the items that are there, the one with the highest priority goes first, and
 * of the same priority the one that came first, which makes sources of the same priority take turns.
 */
export class PrioritizedMerge<T> implements Upstream {
  readonly #down: Downstream<T>
  readonly #ageing: number
  /** The highest first: so they are asked. */
  readonly #branches: readonly Branch<T>[]
  readonly #held = new Heap<Branch<T>>(ahead)
  /** Sources that have not ended. */
  #live: number
  #arrivals = 0
  #requests = 0
  /** Requests up to this one have had time to be answered: nobody waits for those that were not. */
  #patience = 0
  #hopping = false
  /** It has held the event loop for long enough. */
  #paused = false
  readonly #slice = new Slice()
  #wanted = false
  #asked = false
  #busy = false
  #again = false
  #failure: Ending | undefined
  #over = false

  constructor(sources: readonly PrioritizedProducer<T>[], ageing: number, down: Downstream<T>) {
    this.#down = down
    this.#ageing = ageing
    this.#live = sources.length
    this.#branches = [...sources]
      .sort((a, b) => b.priority - a.priority)
      .map(({ producer, priority }) => {
        const branch = new Branch(this, priority)
        branch.inner = producer.connect(branch)
        return branch
      })
    // Whoever connects the merge gets hold of it first.
    if (this.#live === 0) queueMicrotask(() => this.#advance())
  }

  resume(): void {
    this.#wanted = true
    this.#advance()
  }

  idle(): void {}

  cancel(reason: unknown): Promise<void> | undefined {
    if (this.#over) return
    this.#stop()
    const cleanups = this.#cancelAll(reason)
    return cleanups.length > 0 ? Promise.all(cleanups).then(noop) : undefined
  }

  // From the branches.

  take(branch: Branch<T>, item: T): void {
    branch.item = item
    branch.request = 0
    branch.key = keyOf(branch.priority, this.#ageing)
    branch.order = this.#arrivals++
    this.#held.push(branch)
    this.#advance()
  }

  /** A failure comes out behind what was there before it; the others are of no more use. */
  ended(ending: Ending): void {
    this.#live--
    if (ending.failed && !this.#failure) {
      this.#failure = ending
      this.#live = 0
      for (const cleanup of this.#cancelAll(ending.error)) cleanup.catch(noop)
    }
    this.#advance()
  }

  abort(reason: unknown): void {
    if (this.#over) return
    this.#stop()
    for (const cleanup of this.#cancelAll(reason)) cleanup.catch(noop)
    this.#down.abort(reason)
  }

  #stop(): void {
    this.#over = true
    this.#held.clear()
  }

  #cancelAll(reason: unknown): Promise<void>[] {
    const cleanups: Promise<void>[] = []
    for (const branch of this.#branches) {
      if (branch.over) continue
      branch.over = true
      branch.request = 0
      const cleanup = branch.inner.cancel(reason)
      if (cleanup) cleanups.push(cleanup)
    }
    return cleanups
  }

  /** Gives what can be given, asks for more, and ends when all is through. */
  #advance(): void {
    if (this.#busy) {
      this.#again = true
      return
    }
    this.#busy = true
    do {
      this.#again = false
      if (this.#wanted && !this.#paused) this.#round()
    } while (this.#again && !this.#over)
    this.#busy = false
    if (this.#over || this.#live > 0 || this.#held.size > 0) return
    this.#over = true
    deliver(this.#down, this.#failure ?? { failed: false })
  }

  #round(): void {
    if (!this.#asked) {
      this.#asked = true
      for (const branch of this.#branches) this.#ask(branch)
    }
    while (this.#wanted && !this.#over) {
      const branch = this.#held.top
      if (!branch) return
      if (this.#expects(branch)) {
        this.#hop()
        return
      }
      if (--this.#slice.left <= 0 && this.#slice.expired()) {
        this.#paused = true
        this.#slice.hop(this.#goOn)
        return
      }
      this.#held.pop()
      const item = branch.item as T
      branch.item = undefined
      this.#wanted = false
      if (this.#down.next(item)) this.#wanted = true
      this.#ask(branch)
    }
  }

  readonly #goOn = (): void => {
    this.#paused = false
    this.#advance()
  }

  #ask(branch: Branch<T>): void {
    if (branch.over || this.#over) return
    branch.request = ++this.#requests
    branch.inner.resume()
  }

  /** Whether a source of higher priority may still answer in this turn of the event loop. */
  #expects({ priority }: Branch<T>): boolean {
    for (const branch of this.#branches) {
      if (branch.priority <= priority) return false
      if (branch.request > this.#patience) return true
    }
    return false
  }

  /** Sources of the platform answer by promises, however much they have: a turn is enough for all that is there. */
  #hop(): void {
    if (this.#hopping) return
    this.#hopping = true
    const until = this.#requests
    this.#slice.hop(() => {
      this.#hopping = false
      this.#patience = until
      this.#advance()
    })
  }
}
