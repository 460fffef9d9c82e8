/** A fetch-style server on this runtime's own terms. */
export interface Server {
  readonly url: string
  close(): Promise<void>
}

type Handler = (request: Request) => Response | Promise<Response>
type Listening = { readonly port: number; shutdown?(): Promise<void>; stop?(now: boolean): Promise<void> }
interface Servers {
  readonly Deno?: {
    serve(
      options: { port: number; hostname: string; onListen(): void },
      handler: Handler,
    ): { addr: { port: number }; shutdown(): Promise<void> }
  }
  readonly Bun?: {
    serve(options: { port: number; hostname: string; idleTimeout: number; fetch: Handler }): Listening
  }
}

/** `Deno.serve`, `Bun.serve`, or Hono's server on Node's `http`. */
export async function serve(handler: Handler): Promise<Server> {
  const { Deno, Bun } = globalThis as unknown as Servers
  if (Deno) {
    const server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen() {} }, handler)
    return { url: `http://127.0.0.1:${server.addr.port}/`, close: () => server.shutdown() }
  }
  if (Bun) {
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: handler })
    return { url: `http://127.0.0.1:${server.port}/`, close: async () => void (await server.stop?.(true)) }
  }
  const { createAdaptorServer } = await import('@hono/node-server')
  const server = createAdaptorServer({ fetch: handler })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
