import type { TaskContext } from 'sluice/worker'

/** Money that comes to an account or leaves it. */
export interface Booking {
  readonly id: number
  readonly account: string
  readonly amount: number
}

/** The accounts of this worker: no other has them. */
const balances = new Map<string, number>()

/** Makes a booking, unless the account would be overdrawn. */
export function book({ account, amount }: Booking, { worker }: TaskContext) {
  const before = balances.get(account) ?? 0
  const refused = before + amount < 0
  const balance = refused ? before : before + amount
  balances.set(account, balance)
  return { account, balance, refused, worker }
}
