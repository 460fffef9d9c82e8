import { show } from '../internal/check.ts'

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
  /** The priority in milliseconds of waiting, less the time of arrival: who came earlier has gained so much more. */
  readonly key: number
  /** The order of arrival. */
  readonly order: number
}

/** An item's rank counts from when it came. All gain at the same rate: who is ahead once is so for ever. */
export function keyOf(priority: number, ageing: number): number {
  return ageing === Infinity ? priority : priority * ageing - performance.now()
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

/** Reads `ageing`, for which no timer runs: any time above 0. */
export function readAgeing(where: string, ageing: unknown = AGEING): number {
  if (typeof ageing !== 'number') {
    throw new TypeError(`${where}: ageing must be a number of milliseconds, received ${show(ageing)}`)
  }
  if (!(ageing > 0)) throw new RangeError(`${where}: ageing must be above 0, received ${ageing}`)
  return ageing
}
