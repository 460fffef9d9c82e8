import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { channel, filter, map, reject, type StageStats, sink } from 'sluice'

/** A request with where its answer goes. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

export interface ServiceOptions {
  /** Default: one that is free. */
  readonly port?: number
  /** Requests worked on at once. */
  readonly concurrency: number
  /** Requests that may wait. */
  readonly queue: number
  /** What there is to do for a request; the text of the answer. */
  readonly work: (url: string) => Promise<string>
  /** What a refused client is told: in how many seconds to try again. */
  readonly retryAfter: number
  /** Told when the queue is nearly full, and when it has emptied again. */
  readonly onPressure?: (high: boolean) => void
}

export interface Service {
  readonly url: string
  /** The account of the queue: `received` requests, of which some were `rejected`. */
  readonly stats: () => StageStats
  /** Takes no more requests, answers those that it has, and goes. */
  close(): Promise<void>
}

/**
 * An HTTP service that takes as many requests as it can answer soon, and refuses the others at once. At most
 * `queue + concurrency` are inside, so that nobody waits longer than these take, however many clients there are.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { port = 0, concurrency, queue, work, retryAfter, onPressure } = options
  let closing = false

  // In front: the handler puts the exchange into the queue, or is told at once that there is no room.
  const jobs = channel<Exchange>(reject(queue), { name: 'jobs' })
  if (onPressure) jobs.onPressure(0.8, onPressure)
  const server = createServer((request, response) => {
    if (jobs.trySend({ request, response })) return
    answer(response, 503, `No room for ${request.url}: too many are waiting.\n`, {
      'Retry-After': retryAfter,
    })
  })

  // Behind: a pipeline. Whoever is ready first is answered first.
  const prepare = async ({ request, response }: Exchange) => {
    try {
      return { response, status: 200, text: await work(request.url ?? '/') }
    } catch {
      return { response, status: 500, text: 'This request could not be answered.\n' }
    }
  }
  const answering = jobs.readable
    // A client may have gone while its request waited: then there is nobody to work for.
    .pipeThrough(filter(({ response }) => !response.destroyed, { name: 'still there' }))
    .pipeThrough(map(prepare, { name: 'work', concurrency, ordered: false }))
    .pipeTo(sink(({ response, status, text }) => answer(response, status, text)))

  function answer(response: ServerResponse, status: number, text: string, headers = {}): void {
    response.setHeader('Content-Type', 'text/plain')
    // A connection that is kept open would keep the server from closing.
    if (closing) response.setHeader('Connection', 'close')
    response.writeHead(status, headers).end(text)
  }

  server.listen(port)
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    stats: jobs.stats,
    async close() {
      closing = true
      const closed = once(server, 'close')
      server.close()
      jobs.close()
      await answering
      await closed
    },
  }
}
