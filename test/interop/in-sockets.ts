import { existsSync, readFileSync } from 'node:fs'
import { CHUNK } from './source.ts'
import { still } from './still.ts'

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']
const ESTABLISHED = '01'
/** Where the system does not say: what it may hold, 16 MB. */
const UNSEEN = 1024

interface End {
  /** Bytes that wait in it: to be sent, or to be read. */
  readonly waiting: number
}

/** Both ends of the connections to a port, as Linux has them; undefined: the system does not say. */
function ends(port: number): End[] | undefined {
  const tables = TABLES.filter(table => existsSync(table))
  if (tables.length === 0) return undefined
  const at = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return tables.flatMap(table => {
    const lines = readFileSync(table, 'utf8').split('\n').slice(1)
    return lines.flatMap(line => {
      const [, local, remote, state, queues] = line.trim().split(/\s+/)
      if (state !== ESTABLISHED || !(local?.endsWith(at) || remote?.endsWith(at))) return []
      const [sent, received] = (queues as string).split(':').map(bytes => Number.parseInt(bytes, 16))
      return { waiting: (sent ?? 0) + (received ?? 0) }
    })
  })
}

/**
 * How many chunks the system holds in the sockets between a server on this machine and its clients: as many as its own limits
 * let it (`net.ipv4.tcp_wmem` and `tcp_rmem` on Linux), whatever a stream does.
 */
export function inSockets(port: number): number {
  const all = ends(port)
  return all ? all.reduce((sum, { waiting }) => sum + waiting, 0) / CHUNK : UNSEEN
}

/**
 * Waits until nobody has left anything in the connections to a server, and says in how many there is something still. Those in
 * which nothing is left may be used again.
 */
export async function connectionsLeft(port: number): Promise<readonly string[]> {
  let left = 0
  await still(
    () => {
      left = (ends(port) ?? []).filter(({ waiting }) => waiting > 0).length
      return left
    },
    { until: 0 },
  )
  return Array.from({ length: left }, () => 'bytes in a connection')
}
