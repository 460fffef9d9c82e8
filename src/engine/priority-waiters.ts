import { Heap, type HeapNode } from './heap.ts'
import type { PriorityInbox, Ranked } from './priority-inbox.ts'
import { ahead } from './rank.ts'
import type { Waiter, Waiters } from './waiting-line.ts'

/** The place of somebody who waits. */
interface Place<T> extends HeapNode {
  readonly waiter: Waiter<T>
  readonly of: Ranked<T>
}

/** Those who wait for room in a priority inbox, the highest first. */
export class PriorityWaiters<T> implements Waiters<T> {
  readonly #inbox: Pick<PriorityInbox<T>, 'arrival'>
  readonly #places = new Map<Waiter<T>, Place<T>>()
  readonly #heap = new Heap<Place<T>>((a, b) => ahead(a.of, b.of))

  constructor(inbox: Pick<PriorityInbox<T>, 'arrival'>) {
    this.#inbox = inbox
  }

  get first(): Ranked<T> | undefined {
    return this.#heap.top?.of
  }

  /** Somebody whose item has just arrived has to wait. */
  add(waiter: Waiter<T>): void {
    const place: Place<T> = { at: -1, waiter, of: this.#inbox.arrival as Ranked<T> }
    this.#places.set(waiter, place)
    this.#heap.push(place)
  }

  /** The inbox is reminded of who it is: it may be asked about it next. */
  delete(waiter: Waiter<T>): void {
    const place = this.#places.get(waiter) as Place<T>
    this.#places.delete(waiter)
    this.#heap.remove(place)
    this.#inbox.arrival = place.of
  }

  /** The inbox is reminded of whom it will be asked about. */
  peek(): Waiter<T> | undefined {
    const { top } = this.#heap
    if (top) this.#inbox.arrival = top.of
    return top?.waiter
  }
}
