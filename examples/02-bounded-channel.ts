/**
 * A bounded queue between code that pushes and a stream: an HTTP handler answers 503 when the queue is full, instead
 * of letting it grow until the memory is gone. Run it with `npx tsx examples/02-bounded-channel.ts`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { channel, forEach, reject } from 'sluice'

interface Order {
  readonly id: number
}

// At most 20 orders wait. `reject` refuses the one that finds the queue full; `block` would make its sender wait.
const orders = channel<Order>(reject(20), { name: 'orders' })

/** What a handler of `POST /orders` would answer: never later, never more than there is room for. */
function handle(order: Order): 202 | 503 {
  return orders.trySend(order) ? 202 : 503
}

// The slow side, four orders at a time: it takes what is in the queue, and asks for more when it is done.
const shipped: Order[] = []
const shipping = forEach(
  orders.readable,
  async order => {
    await sleep(5)
    shipped.push(order)
  },
  { concurrency: 4 },
)

// The fast side: ten bursts of thirty requests, more than can be shipped.
const answers: number[] = []
for (let id = 0; id < 300; id++) {
  answers.push(handle({ id }))
  if (id % 30 === 29) await sleep(20)
}
await orders.close()
await shipping

const accepted = answers.filter(answer => answer === 202).length
const refused = answers.filter(answer => answer === 503).length
console.log(
  `${answers.length} sent = ${accepted} accepted (202) + ${refused} refused (503); ${shipped.length} shipped`,
)

// Nothing vanished: every order was shipped or refused, and the channel's own account says the same.
const { received, rejected, done } = orders.stats()
const right = refused > 0 && accepted === shipped.length && received === answers.length
if (!right || rejected !== refused || done !== accepted) throw new Error('an order went astray')
