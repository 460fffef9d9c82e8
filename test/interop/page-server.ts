import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Events that `/interop/events` sends at once, and after them one named `sent`; it stays open. */
const EVENTS = 100

/**
 * What the tests in a page talk to: `/interop/events` sends events, `/interop/open` says how many of them are open still, and
 * `/interop/measured` shows what a test has measured.
 *
 * @returns What answers such a request: false if it is none.
 */
export function counterparts(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const open = new Set<Duplex>()
  const held = (socket: Duplex): void => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  return (request, response) => {
    if (request.url === '/interop/open') response.end(String(open.size))
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
  }
}
