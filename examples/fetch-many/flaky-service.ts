import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service as they are: slow, down for some at first, too busy for others; some hang, and some pages are not there. */
export async function startFlakyService(): Promise<{ url: string; close(): void }> {
  const asked = new Set<number>()
  const server = createServer((request, response) => {
    const id = Number(request.url?.slice(1))
    const first = !asked.has(id)
    asked.add(id)
    if (isMissing(id)) response.writeHead(404).end()
    else if (first && id % 29 === 0) response.writeHead(429, { 'Retry-After': '1' }).end()
    else if (first && id % 13 === 5) response.writeHead(503).end()
    else if (first && id % 53 === 2) request.socket.destroy()
    else if (!(first && id % 500 === 3))
      setTimeout(() => response.end(JSON.stringify(pageOf(id))), 5 + (id % 40))
  })
  await once(server.listen(0), 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What the service has under a number. */
export interface Page {
  readonly id: number
  readonly square: number
}

export const pageOf = (id: number): Page => ({ id, square: id * id })
export const isMissing = (id: number): boolean => id % 101 === 7
