/**
 * Keeps accounts on all cores: each worker holds the balances of some accounts in its own memory, and gets all of their
 * bookings, in order, and nobody else's. Run it with `npx tsx examples/04-key-affinity.ts`.
 */
import { forEach, from } from 'sluice'
import { parallel } from 'sluice/parallel'
import type { Booking } from './ledger/book.ts'

const ACCOUNTS = 50

/** Bookings of all accounts in a mix; the same ones every time. */
function* bookings(): Generator<Booking> {
  for (let id = 0; id < 20_000; id++) {
    yield { id, account: `account ${(id * 7919) % ACCOUNTS}`, amount: ((id * 31) % 1000) - 400 }
  }
}

// `key` is what keeps an account with its worker, and its bookings in order. No lock, no shared memory.
const ledger = parallel<typeof import('./ledger/book.ts'), 'book'>(
  new URL('./ledger/book.ts', import.meta.url),
  {
    name: 'book',
    key: booking => booking.account,
    threads: 2,
  },
)

const balances = new Map<string, { balance: number; worker: number }>()
let moved = 0
await forEach(from(bookings()).pipeThrough(ledger), ({ account, balance, refused, worker }) => {
  const before = balances.get(account)
  if (before && before.worker !== worker) moved++
  // Overdrafts are refused by the worker, which alone knows the balance.
  if (!refused && balance < 0) throw new Error(`${account} is overdrawn`)
  balances.set(account, { balance, worker })
})

for (const { worker, items } of ledger.stats().workers) console.log(`worker ${worker} made ${items} bookings`)

// The same bookings one after the other in this thread have to give the same balances.
const expected = new Map<string, number>()
for (const { account, amount } of bookings()) {
  const balance = expected.get(account) ?? 0
  expected.set(account, balance + amount < 0 ? balance : balance + amount)
}
const wrong = [...expected].filter(([account, balance]) => balances.get(account)?.balance !== balance)
console.log(
  `${balances.size} accounts, ${wrong.length} wrong balances, ${moved} accounts that changed their worker`,
)
if (wrong.length > 0 || moved > 0 || balances.size !== ACCOUNTS) throw new Error('the books do not balance')
