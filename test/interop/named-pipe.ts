import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { still } from './still.ts'

/** A folder for files, and in it a named pipe: a file that keeps its writer waiting, as a slow disk would. */
export interface Scratch {
  readonly pipe: string
  readonly at: (name: string) => string
  /** The files of the folder that this process has open, when no more are closed. */
  readonly leftovers: () => Promise<readonly string[]>
  readonly remove: () => void
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-interop-'))
  const at = (name: string) => join(folder, name)
  spawnSync('mkfifo', [at('pipe')])
  return {
    pipe: at('pipe'),
    at,
    async leftovers() {
      await still(() => openIn(folder).length, { until: 0 })
      return openIn(folder)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** As Linux sees it. */
function openIn(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap(descriptor => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`)
      return path.startsWith(folder) ? [path] : []
    } catch {
      // It was closed meanwhile.
      return []
    }
  })
}
