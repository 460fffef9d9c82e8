import { existsSync, readFileSync } from 'node:fs'
import { CHUNK } from './source.ts'

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']
const ESTABLISHED = '01'
/** Where the system does not say: what it may hold, 16 MB. */
const UNSEEN = 1024

/**
 * How many chunks the system holds in the sockets between a server of this process and its clients: as many as its own limits
 * let it (`net.ipv4.tcp_wmem` and `tcp_rmem` on Linux), whatever a stream does.
 */
export function inSockets(port: number): number {
  const tables = TABLES.filter(existsSync)
  if (tables.length === 0) return UNSEEN
  const at = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  let bytes = 0
  for (const table of tables) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, local, remote, state, queues] = line.trim().split(/\s+/)
      if (state !== ESTABLISHED || !(local?.endsWith(at) || remote?.endsWith(at))) continue
      for (const queue of (queues as string).split(':')) bytes += Number.parseInt(queue, 16)
    }
  }
  return bytes / CHUNK
}
