import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { Hono } from 'hono'
import { from, map, ndjson, toArray, toNdjson } from 'sluice'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from '../contract/probe.ts'
import { connectionsLeft, inSockets } from './in-sockets.ts'
import { seamContract } from './seam-suite.ts'
import { type Server, serve } from './serve.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
type Chunk = Uint8Array<ArrayBuffer>

/** What the next request is to answer, or to do. */
let answer: (request: Request) => Response | Promise<Response>
let server: Server
const port = () => Number(new URL(server.url).port)
const seen = {
  inSockets: () => inSockets(port()),
  leftovers: () => connectionsLeft(port()),
}
/** A request may be made again (see below): its answer is no body then, as the flow is used up. */
const bodyOf = async (path = ''): Promise<Bytes> => {
  const { ok, status, body } = await fetch(server.url + path)
  if (!ok) throw new Error(`answered ${status}`)
  return body as Bytes
}

const app = new Hono()
app.get('/hono', async context => {
  const { body } = await answer(context.req.raw)
  return context.body(body as Bytes)
})
app.post('/echo', context => {
  const rows = (context.req.raw.body as Bytes).pipeThrough(ndjson<{ n: number }>())
  return context.body(rows.pipeThrough(map(({ n }) => ({ n: n * 2 }))).pipeThrough(toNdjson()))
})
app.all('*', context => answer(context.req.raw))

beforeAll(async () => {
  server = await serve(request => app.fetch(request) as Promise<Response>)
})
afterAll(() => server.close())

seamContract({
  row: 'fetchBody',
  open: flow => {
    answer = () => new Response(flow)
    return bodyOf()
  },
  errors: 'another',
  reasons: 'nothing',
  ...seen,
})

seamContract({
  row: 'hono',
  open: flow => {
    answer = () => new Response(flow)
    return bodyOf('hono')
  },
  errors: 'another',
  reasons: 'nothing',
  ...seen,
})

seamContract({
  row: 'sse',
  open: async flow => {
    const decoder = new TextDecoder()
    const encoder = new TextEncoder()
    const events = flow.pipeThrough(
      map((chunk: Chunk) => encoder.encode(`event: chunk\ndata: ${decoder.decode(chunk)}\n\n`)),
    )
    answer = () => new Response(events, { headers: { 'content-type': 'text/event-stream' } })
    return (await bodyOf())
      .pipeThrough(new TextDecoderStream() as never)
      .pipeThrough(new EventSourceParserStream() as TransformStream<string, { data: string }>)
      .pipeThrough(map(event => encoder.encode(event.data)))
  },
  errors: 'another',
  reasons: 'nothing',
  ...seen,
})

describe('with node:http', () => {
  const requests = new Map<string, (request: IncomingMessage) => void>()
  const plain = createServer((request, response) => {
    requests.get(request.url as string)?.(request)
    // Who leaves answers, and takes no more on this connection.
    request.on('close', () => response.writeHead(200, { connection: 'close' }).end())
  })
  beforeAll(() => new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    plain.closeAllConnections()
    plain.close()
  })

  seamContract({
    row: 'fetchUpload',
    open: async flow => {
      const path = `/${requests.size}`
      const request = new Promise<IncomingMessage>(resolve => void requests.set(path, resolve))
      const { port } = plain.address() as AddressInfo
      // Node's fetch leaves its body as it is when the server has answered, or has gone: the signal tells the source.
      const answered = new AbortController()
      const { signal } = answered
      const init = { method: 'POST', body: from(flow, { signal }), duplex: 'half', signal } as RequestInit
      const ended = fetch(`http://127.0.0.1:${port}${path}`, init).finally(() => answered.abort())
      // A body that fails at once may keep its request from being sent.
      const refused = new Promise<never>((_, reject) => void ended.catch(reject))
      return from(await Promise.race([request, refused])) as Bytes
    },
    errors: 'another',
    reasons: 'nothing',
    inSockets: () => inSockets((plain.address() as AddressInfo).port),
    leftovers: () => connectionsLeft((plain.address() as AddressInfo).port),
  })
})

describe('a request body through stages into the response', () => {
  it('is answered row by row', async () => {
    const rows = from([1, 2, 3]).pipeThrough(map(n => ({ n })))
    const body = rows.pipeThrough(toNdjson())
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    const response = await fetch(`${server.url}echo`, init)
    expect(await toArray((response.body as Bytes).pipeThrough(ndjson()))).toEqual([
      { n: 2 },
      { n: 4 },
      { n: 6 },
    ])
  })
})

describe('a body that fails before the client has any of it', () => {
  it('is a lost connection: Bun’s fetch makes a GET again if there was an answer on it before', async () => {
    let requests = 0
    const fails = () =>
      new ReadableStream({ pull: controller => controller.error(new Error('no more')) }, { highWaterMark: 0 })
    answer = request => {
      requests++
      return request.url.endsWith('/fine') ? new Response('fine') : new Response(fails())
    }
    const ask = async (path: string, method: string) => {
      requests = 0
      expect(await outcome(fetch(server.url + path, { method }).then(got => got.text()))).toHaveProperty(
        path === 'fine' ? 'value' : 'error',
      )
      return requests
    }
    expect(await ask('fine', 'GET')).toBe(1)
    expect(await ask('fails', 'GET')).toBe('Bun' in globalThis ? 2 : 1)
    expect(await ask('fails', 'GET')).toBe(1)
    expect(await ask('fine', 'GET')).toBe(1)
    expect(await ask('fails', 'POST')).toBe(1)
  })
})
