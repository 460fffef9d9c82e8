import { from, map } from 'sluice'
import { openOnPageServer } from './open-on-page-server.ts'
import { seamContract } from './seam-suite.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
interface Socket {
  readonly opened: Promise<{
    readonly readable: ReadableStream<ArrayBuffer>
    readonly writable: WritableStream<Uint8Array<ArrayBuffer>>
  }>
}
const { WebSocketStream } = globalThis as { WebSocketStream?: new (url: string) => Socket }

const noop = () => {}
let sockets = 0

/** Of the two sockets of a pair, the second one's messages go to the first one. */
const open = (name: string) => {
  const url = new URL(`/interop/socket?${name}`, location.origin)
  url.protocol = 'ws:'
  return new (WebSocketStream as new (url: string) => Socket)(url.href).opened
}

seamContract({
  row: 'webSocketStream',
  async open(flow) {
    const name = String(sockets++)
    const { readable } = await open(name)
    const { writable } = await open(name)
    flow.pipeTo(writable).catch(noop)
    return from(readable).pipeThrough(map((message: ArrayBuffer) => new Uint8Array(message))) as Bytes
  },
  // An abort closes the socket: the other end cannot tell it from the end.
  errors: 'nothing: it ends',
  reasons: 'another',
  inSockets: async () => Number(await (await fetch('/interop/sockets')).text()),
  leftovers: async () => ((await openOnPageServer()) === 0 ? [] : ['a socket']),
  missing: WebSocketStream ? undefined : 'about WebSocketStream, which Chromium has',
})
