import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { inSockets } from './in-sockets.ts'

/** Events that `/interop/events` sends at once, and after them one named `sent`; it stays open. */
const EVENTS = 100

export interface Counterparts {
  /** Answers such a request: false if it is none. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
  /** Makes a socket of one of `/interop/socket`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/**
 * What the tests in a page talk to: `/interop/events` sends events; a WebSocket at `/interop/socket?NAME` gets what another
 * one of that name, which comes after it, sends. `/interop/open` says how many of all these are open still,
 * `/interop/sockets` how many chunks are in the sockets of the page's server, and `/interop/measured` shows what a test has
 * measured.
 */
export function counterparts(): Counterparts {
  const open = new Set<Duplex>()
  const held = (socket: Duplex): void => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  const sockets = new WebSocketServer({ noServer: true })
  const takers = new Map<string, WebSocket>()
  return {
    answer(request, response) {
      if (request.url === '/interop/open') response.end(String(open.size))
      else if (request.url === '/interop/sockets')
        response.end(String(inSockets(request.socket.localPort as number)))
      else if (request.url === '/interop/measured') {
        request.pipe(process.stderr, { end: false })
        request.once('end', () => response.end())
      } else if (request.url === '/interop/events') {
        held(request.socket)
        response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' })
        for (let n = 0; n < EVENTS; n++) response.write(`data: ${n}\n\n`)
        response.write('event: sent\ndata: \n\n')
      } else return false
      return true
    },
    upgrade(request, socket, head) {
      held(socket)
      sockets.handleUpgrade(request, socket, head, webSocket => {
        const name = request.url as string
        const taker = takers.get(name)
        if (taker) {
          takers.delete(name)
          relay(webSocket, taker)
        } else takers.set(name, webSocket)
      })
    },
  }
}

/**
 * Sends on what comes, and waits for it to go. It closes the socket that sends and never drops it: the page of a Chromium
 * (153) whose WebSocketStream has writes that wait crashes at that.
 */
function relay(source: WebSocket, taker: WebSocket): void {
  source.on('message', data => {
    source.pause()
    taker.send(data, () => source.resume())
  })
  source.once('close', () => {
    clearInterval(looks)
    taker.close()
  })
  // One that is left with messages on their way takes none of them any more: its end of the close would come behind them.
  const looks = setInterval(() => {
    if (taker.readyState < taker.CLOSING) return
    clearInterval(looks)
    taker.terminate()
    source.close()
    source.resume()
  }, 10)
}
