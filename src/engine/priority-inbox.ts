import type { QueueStrategy } from '../strategy.ts'
import type { Verdict } from './block-inbox.ts'
import { Heap, type HeapNode } from './heap.ts'
import { Inbox } from './inbox.ts'
import { PriorityWaiters } from './priority-waiters.ts'
import { ahead, keyOf, type PriorityRule, priorityOf, type Rank } from './rank.ts'
import type { WaitingRoom } from './waiting-room.ts'

/** An item with its place in the order. */
export interface Ranked<T> extends Rank, HeapNode {
  readonly item: T
  readonly weight: number
  /** Its place among those that may have to leave for others. */
  leaving: Reference<T> | undefined
}

/** A place in a second heap. */
interface Reference<T> extends HeapNode {
  readonly of: Ranked<T>
}

const oldest = (a: Reference<unknown>, b: Reference<unknown>): boolean => a.of.order < b.of.order
const lowestOldest = (a: Reference<unknown>, b: Reference<unknown>): boolean =>
  a.of.priority < b.of.priority || (a.of.priority === b.of.priority && a.of.order < b.of.order)
const lowestNewest = (a: Reference<unknown>, b: Reference<unknown>): boolean =>
  a.of.priority < b.of.priority || (a.of.priority === b.of.priority && a.of.order > b.of.order)

/**
 * An inbox that gives out the item with the highest priority first. Those who wait for room have their place in the
 * same order: the highest of all goes next, whether it is in or still waits.
 */
export class PriorityInbox<T> extends Inbox<T> {
  readonly #rule: PriorityRule<T>
  readonly #line = new Heap<Ranked<T>>(ahead)
  /** In the order in which they leave for others; undefined where nobody ever does. */
  readonly #leaving: Heap<Reference<T>> | undefined
  /**
   * The item that arrived last, or whose turn it is to come in: what `weigh` learns of an item has to reach `admit`,
   * and the intake in between only knows of weights.
   */
  arrival: Ranked<T> | undefined
  #arrivals = 0
  readonly waiters: PriorityWaiters<T> = new PriorityWaiters<T>(this)
  /** Where those who wait are let in. */
  room: Pick<WaitingRoom<T>, 'admit'> | undefined

  constructor(strategy: QueueStrategy<T>, rule: PriorityRule<T>) {
    super(strategy)
    this.#rule = rule
    if (rule.evict) {
      this.#leaving = new Heap<Reference<T>>(strategy.mode === 'dropOldest' ? lowestOldest : lowestNewest)
    } else if (strategy.mode === 'dropOldest') this.#leaving = new Heap<Reference<T>>(oldest)
  }

  override get count(): number {
    return this.#line.size
  }

  /** Weight of an item, and its place in the order. @throws what `size` and `priority` throw, or for what they give. */
  override weigh(item: T): number {
    const weight = super.weigh(item)
    const priority = priorityOf(this.#rule, item)
    this.arrival = {
      at: -1,
      item,
      weight,
      priority,
      key: keyOf(priority, this.#rule.ageing),
      order: this.#arrivals++,
      leaving: undefined,
    }
    return weight
  }

  override offer(_item: T, weight: number, evict: (item: T) => void): Verdict {
    const arrival = this.arrival as Ranked<T>
    // Who may wait gives the others a chance to leave by themselves first.
    const patient = this.mode === 'block' || this.mode === 'timeout'
    if (patient ? this.fits(weight) : this.#makeRoom(arrival, evict)) {
      this.#put(arrival)
      return 'taken'
    }
    return this.turnAway()
  }

  override overtakes(): boolean {
    const first = this.waiters.first
    return first !== undefined && ahead(this.arrival as Ranked<T>, first)
  }

  override expire(evict: (item: T) => void): boolean {
    const arrival = this.arrival as Ranked<T>
    if (!this.#rule.evict || !this.#makeRoom(arrival, evict)) return super.expire()
    this.#put(arrival)
    return true
  }

  override admit(): void {
    this.#put(this.arrival as Ranked<T>)
  }

  /** Takes out the item with the highest priority, be it that of somebody who still waits; there must be one inside. */
  override take(): T {
    const top = this.#line.top as Ranked<T>
    const first = this.waiters.first
    // One that no room is enough for waits in vain, here as everywhere.
    const able = first && (this.mode === 'block' || first.weight <= this.capacity)
    if (able && ahead(first, top)) {
      this.received++
      let left = 1
      this.room?.admit(() => left-- > 0)
      this.arrival = undefined
      return first.item
    }
    this.#remove(top)
    this.arrival = undefined
    return top.item
  }

  override discard(): void {
    super.discard()
    this.arrival = undefined
    this.#line.clear()
    this.#leaving?.clear()
  }

  #put(entry: Ranked<T>): void {
    this.received++
    this.weight += entry.weight
    this.#line.push(entry)
    if (this.#leaving) {
      entry.leaving = { at: -1, of: entry }
      this.#leaving.push(entry.leaving)
    }
  }

  #remove(entry: Ranked<T>): void {
    this.#line.remove(entry)
    // Fractions do not always add up to what they were.
    this.weight = this.#line.size === 0 ? 0 : this.weight - entry.weight
    if (entry.leaving) this.#leaving?.remove(entry.leaving)
  }

  /** Lets others leave for an item, if that makes it fit; else nobody leaves. */
  #makeRoom(entry: Ranked<T>, evict: (item: T) => void): boolean {
    const { weight } = entry
    if (weight > this.capacity) return false
    // What `evict` tells may take more out, or put more in.
    while (!this.fits(weight)) {
      if (!this.#enough(entry)) return false
      for (let next = this.#nextToLeave(entry); next && !this.fits(weight); next = this.#nextToLeave(entry)) {
        this.#remove(next)
        if (this.mode === 'reject' || this.mode === 'timeout') this.rejected++
        else this.dropped++
        evict(next.item)
      }
    }
    return true
  }

  /** Whether an item fits once all those have left that would leave for it. */
  #enough(entry: Ranked<T>): boolean {
    const over = this.weight + entry.weight - this.capacity
    const seen: Ranked<T>[] = []
    let freed = 0
    for (let next = this.#nextToLeave(entry); next && freed < over; next = this.#nextToLeave(entry)) {
      freed += next.weight
      if (freed >= over) break
      seen.push(next)
      this.#leaving?.remove(next.leaving as Reference<T>)
    }
    for (const { leaving } of seen) this.#leaving?.push(leaving as Reference<T>)
    return freed >= over
  }

  /** Who would be the next to leave for an item. */
  #nextToLeave({ priority }: Ranked<T>): Ranked<T> | undefined {
    const next = this.#leaving?.top?.of
    if (!next || !this.#rule.evict || next.priority < priority) return next
    return this.mode === 'dropOldest' && next.priority === priority ? next : undefined
  }
}
