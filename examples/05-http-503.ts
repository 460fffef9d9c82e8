/**
 * An HTTP server that stays quick when more is asked of it than it can do: what does not fit into its queue is refused
 * with 503 and Retry-After, and those it accepts are answered soon. Run it with `npx tsx examples/05-http-503.ts`: it
 * sends itself twice as many requests as it can answer. With a port (`npx tsx examples/05-http-503.ts 8080`) it serves
 * until Ctrl-C; `npm run test:load` sends it a minute's load.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { sendRequests } from './http-503/send-requests.ts'
import { startService } from './http-503/service.ts'

// Eight at once for 10 ms each: 800 requests a second. Of 48 inside the last one waits for 60 ms (Little's law).
const concurrency = 8
const queue = 40
const workTime = 10
const capacity = (1000 / workTime) * concurrency

const port = process.argv[2]
const service = await startService({
  ...(port !== undefined && { port: Number(port) }),
  concurrency,
  queue,
  retryAfter: Math.ceil(queue / capacity),
  async work(url) {
    await sleep(workTime)
    return `Answer to ${url}\n`
  },
  onPressure: high => console.log(high ? 'The queue is nearly full.' : 'The queue has emptied again.'),
})

if (port === undefined) await demonstrate()
else await serve()

async function serve(): Promise<void> {
  console.log(`Serving on ${service.url}, ${capacity} requests a second`)
  await new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  await service.close()
  console.log(JSON.stringify(service.stats()))
}

async function demonstrate(): Promise<void> {
  const sent = await sendRequests(service.url, 3200, 2 * capacity)
  // Those that have come in are answered, though the service closes: nobody is cut off.
  while (service.stats().received < sent.length) await sleep(1)
  const [answers] = await Promise.all([Promise.all(sent), service.close()])

  const accepted = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status, retryAfter }) => status === 503 && Number(retryAfter) > 0)
  const [half, worst] = [0.5, 0.99].map(part => {
    const times = accepted.map(({ time }) => time).sort((a, b) => a - b)
    return Math.round(times[Math.floor(times.length * part)] ?? 0)
  })
  console.log(
    `${answers.length} sent = ${accepted.length} accepted (200) + ${refused.length} refused (503 with Retry-After)`,
  )
  console.log(`Accepted ones took ${half} ms (half of them), ${worst} ms (99 of 100)`)

  // Nothing vanished, and the queue's own account says the same as the clients.
  const { received, done, rejected } = service.stats()
  const right = accepted.length + refused.length === answers.length && refused.length > 0
  if (!right || received !== answers.length || done !== accepted.length || rejected !== refused.length) {
    throw new Error(`a request went astray: ${JSON.stringify(service.stats())}`)
  }
}
