import { checkDelay, show } from '../internal/check.ts'

/** Milliseconds that weigh as much as one level of priority, unless somebody says otherwise. */
const AGEING = 1000

/** What became of the options. */
export interface PriorityRule<T> {
  readonly priority: (item: T) => number
  readonly ageing: number
  readonly evict: boolean
  /** Name of the stage in errors. */
  readonly where: string
}

/** Place in an order that time does not change. */
export interface Rank {
  readonly priority: number
  /** The priority, less what those who came earlier have gained by waiting. */
  readonly key: number
  /** The order of arrival. */
  readonly order: number
}

/** An item's rank counts from when it came. All gain at the same rate: who is ahead once is so for ever. */
export function keyOf(priority: number, ageing: number): number {
  return ageing === Infinity ? priority : priority - performance.now() / ageing
}

/** Whether `a` goes before `b`. */
export function ahead(a: Rank, b: Rank): boolean {
  return a.key > b.key || (a.key === b.key && a.order < b.order)
}

/** @throws what the function throws; TypeError or RangeError unless it gives a finite number. */
export function priorityOf<T>({ priority, where }: PriorityRule<T>, item: T): number {
  const level = priority(item)
  checkPriority(`${where}: priority must give`, level)
  return level
}

/** Throws unless `value` is a finite number. */
export function checkPriority(where: string, value: unknown): void {
  if (Number.isFinite(value)) return
  const message = `${where} a finite number, received ${show(value)}`
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}

/** Reads `ageing`, which is milliseconds from 1 up, or Infinity. */
export function readAgeing(where: string, ageing: unknown = AGEING): number {
  if (ageing === Infinity) return Infinity
  checkDelay(`${where}: ageing`, ageing)
  if ((ageing as number) < 1) throw new RangeError(`${where}: ageing must be at least 1, received ${ageing}`)
  return ageing as number
}
