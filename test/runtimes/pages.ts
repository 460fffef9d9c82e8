import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { counterparts } from '../interop/page-server.ts'
import type { PageMessage, PageTask } from './realm/host.ts'

const page = (script: string): string =>
  `<!doctype html><meta charset="utf-8"><title>sluice</title><body><script type="module" src="${script}"></script>`
const PAGES: Record<string, string> = {
  '/': page('/test/runtimes/realm/host.mjs'),
  '/guest.html': page('/test/runtimes/realm/guest.mjs'),
}
const TYPES: Record<string, string> = { '.mjs': 'text/javascript', '.map': 'application/json' }

/** Serves the bundle of the tests, and the page that runs them, which tells what comes of them. */
export async function servePages(
  folder: string,
  task: PageTask,
  onMessage: (message: PageMessage) => void,
): Promise<{ readonly address: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const headers = {
      // For shared memory.
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }
    const answer = (type: string, body: string | Buffer): void =>
      void response.writeHead(200, { ...headers, 'content-type': type }).end(body)
    if (others.answer(request, response)) return
    if (request.method === 'POST') {
      const message = JSON.parse(await text(request)) as PageMessage
      response.writeHead(204, headers).end()
      onMessage(message)
    } else if (pathname === '/task') answer('application/json', JSON.stringify(task))
    else if (PAGES[pathname]) answer('text/html', PAGES[pathname])
    else {
      const body = await readFile(join(folder, normalize(pathname))).catch(() => undefined)
      if (body) answer(TYPES[extname(pathname)] ?? 'text/plain', body)
      else response.writeHead(404, headers).end()
    }
  })
  const others = counterparts()
  server.on('upgrade', others.upgrade)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    // A secure context, as `https:` is.
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
