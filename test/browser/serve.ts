import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { Report } from './app/main.ts'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** A folder, served as an application with a strict policy would be. */
export interface Served {
  readonly address: string
  /** What the page has sent. */
  readonly report: Promise<Report>
  close(): void
}

export async function serve(folder: string, { isolated }: { isolated: boolean }): Promise<Served> {
  const headers: Record<string, string> = {
    'content-security-policy': "default-src 'self'; script-src 'self'; worker-src 'self'",
    ...(isolated && {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }),
  }
  let onReport: (report: Report) => void
  const report = new Promise<Report>(resolve => {
    onReport = resolve
  })
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      response.writeHead(204, headers).end()
      onReport(JSON.parse(Buffer.concat(chunks).toString()) as Report)
      return
    }
    const path = normalize(pathname === '/' ? '/index.html' : pathname)
    try {
      const body = await readFile(join(folder, path))
      response.writeHead(200, { ...headers, 'content-type': TYPES[extname(path)] ?? 'text/plain' }).end(body)
    } catch {
      response.writeHead(404, headers).end('not found')
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    // A secure context, as `https:` is.
    address: `http://localhost:${port}/`,
    report,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
