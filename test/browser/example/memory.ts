import { readdir, readFile } from 'node:fs/promises'

/** Bytes of memory that the processes of a browser have, by kind; empty where there is no /proc. */
export async function memoryOf(profile: string): Promise<Record<string, number>> {
  const all = await Promise.all((await readdir('/proc').catch(() => [])).filter(isNumber).map(processOf))
  const found: Record<string, number> = {}
  // The first one has the folder of its profile in its command, the others are its children and theirs.
  let generation = all.filter(one => one?.command.includes(profile))
  while (generation.length > 0) {
    for (const one of generation) {
      const kind = /--type=([a-z-]+)/.exec(one?.command ?? '')?.[1] ?? 'browser'
      found[kind] = (found[kind] ?? 0) + (one?.rss ?? 0)
    }
    const parents = new Set(generation.map(one => one?.pid))
    generation = all.filter(one => one && parents.has(one.parent) && !one.command.includes(profile))
  }
  return found
}

const isNumber = (name: string): boolean => /^\d+$/.test(name)

/** Undefined where it has ended meanwhile. */
async function processOf(pid: string) {
  try {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    return { pid: Number(pid), parent: field('PPid'), command, rss: field('VmRSS') * 1024 }
  } catch {
    return undefined
  }
}
