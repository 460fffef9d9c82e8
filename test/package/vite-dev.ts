import type { IncomingMessage, ServerResponse } from 'node:http'
import { loadTool } from '../browser/load-tool.ts'

/** A project in Vite's development server. */
export interface Development {
  readonly address: string
  /** What the page has sent. */
  readonly report: Promise<unknown>
  close(): Promise<void>
}

export async function viteDev(root: string): Promise<Development> {
  const { createServer } = await loadTool('vite')
  let onReport: (report: unknown) => void
  const report = new Promise<unknown>(resolve => {
    onReport = resolve
  })
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.writeHead(204).end()
    onReport(JSON.parse(Buffer.concat(chunks).toString()))
  }
  const server = await createServer({
    root,
    logLevel: 'silent',
    server: { port: 0, host: '127.0.0.1' },
    plugins: [
      {
        name: 'report',
        configureServer({ middlewares }: { middlewares: { use(path: string, handler: unknown): void } }) {
          middlewares.use('/report', receive)
        },
      },
    ],
  })
  await server.listen()
  return { address: server.resolvedUrls.local[0], report, close: () => server.close() }
}
