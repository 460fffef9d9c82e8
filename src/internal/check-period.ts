import { checkDelay } from './check.ts'

/** Throws unless `value` is a delay that a timer can keep and tell from none: 1 ms at least. */
export function checkPeriod(where: string, value: unknown): void {
  checkDelay(where, value)
  if ((value as number) < 1) throw new RangeError(`${where} must be at least 1, received ${value}`)
}
