import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { dropOldest, from, fromEvents, map, take, toArray } from 'sluice'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws'
import { seamContract } from './seam-suite.ts'
import { still } from './still.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
const noop = () => {}
const bun = 'Bun' in globalThis

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
const url = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
beforeAll(async () => {
  if (!server.address()) await once(server, 'listening')
})
afterAll(() => {
  for (const client of server.clients) client.terminate()
  server.close()
})

seamContract({
  row: 'ws',
  open: async flow => {
    server.once('connection', socket => {
      const duplex = createWebSocketStream(socket)
      pipeline(Readable.fromWeb(flow as never), duplex, noop)
    })
    return from(createWebSocketStream(new WebSocket(url()))) as Bytes
  },
  // Its duplex takes a connection that was lost for the end: say with a last message that it was one.
  errors: 'nothing: it ends',
  reasons: 'nothing',
  leftovers: async () => {
    await still(() => server.clients.size, { until: 0 })
    return [...server.clients]
  },
  missing: bun ? 'Bun’s own ws has no createWebSocketStream' : undefined,
})

describe('a WebSocket that pushes', () => {
  it('is a source with an inbox of its own: the oldest messages go', async () => {
    server.once('connection', socket => {
      for (let n = 0; n < 100; n++) socket.send(String(n))
    })
    const client = new WebSocket(url())
    const closed = once(client, 'close')
    const latest = fromEvents<MessageEvent>(client as unknown as EventTarget, 'message', {
      strategy: dropOldest(4),
    })
    const seen = latest.pipeThrough(map(event => Number(event.data))).pipeThrough(take(3))
    const numbers = await toArray(seen)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    client.close()
    await closed
  })
})
