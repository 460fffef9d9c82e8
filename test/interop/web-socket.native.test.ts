import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { dropOldest, from, fromEvents, map } from 'sluice'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws'
import { inSockets } from './in-sockets.ts'
import { record } from './measured.ts'
import { rows } from './rows.ts'
import { seamContract } from './seam-suite.ts'
import { still } from './still.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
const noop = () => {}
const bun = 'Bun' in globalThis

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
const port = () => (server.address() as AddressInfo).port
const url = () => `ws://127.0.0.1:${port()}/`
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
  inSockets: () => inSockets(port()),
  leftovers: async () => {
    await still(() => server.clients.size, { until: 0 })
    return [...server.clients]
  },
  missing: bun ? 'Bun’s own ws has no createWebSocketStream' : undefined,
})

const { counterpart, bound } = rows.webSocket

describe('a WebSocket that pushes', () => {
  it(`${counterpart}: at most ${bound} are held for a consumer that has stopped`, async () => {
    server.once('connection', socket => {
      for (let n = 0; n < 100; n++) socket.send(String(n))
      socket.close()
    })
    const client = new WebSocket(url())
    const closed = once(client, 'close')
    const dropped: number[] = []
    const numberOf = (event: MessageEvent) => Number(event.data)
    const reader = fromEvents<MessageEvent>(client as unknown as EventTarget, 'message', {
      strategy: dropOldest(4),
      onDrop: event => void dropped.push(numberOf(event)),
    })
      .pipeThrough(map(numberOf))
      .getReader()
    const seen = [(await reader.read()).value as number]
    // All of them have come.
    await closed
    while (seen.at(-1) !== 99) seen.push((await reader.read()).value as number)
    record('webSocket', seen.length - 1)
    expect(seen.length - 1).toBeLessThanOrEqual(bound)
    expect(seen.slice(-4)).toEqual([96, 97, 98, 99])
    expect([...seen, ...dropped].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n))
    await reader.cancel()
  })
})
