import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Package {
  readonly version?: string
  readonly integrity?: string
  /** Of another platform, or left out for another reason of npm's. */
  readonly optional?: boolean
  readonly devOptional?: boolean
}

/** Whether a folder's packages are there as its lockfile has them; there may be others besides. */
export function isInstalled(folder: string): boolean {
  try {
    const present = packagesOf(join(folder, 'node_modules/.package-lock.json'))
    return Object.entries(packagesOf(join(folder, 'package-lock.json'))).every(([path, wanted]) => {
      // The folder itself.
      if (path === '') return true
      const found = present[path]
      if (!found) return wanted.optional === true || wanted.devOptional === true
      return found.version === wanted.version && found.integrity === wanted.integrity
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

function packagesOf(lockfile: string): Record<string, Package> {
  return (JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Record<string, Package> }).packages
}
