import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from './problem.ts'

/**
 * All files below some folders, one by one. The pipeline asks for the next one when it has room: until then the walk
 * stands still. Symbolic links are not followed; devices, sockets and pipes are passed over.
 */
export async function* walk(folders: readonly string[], note: (problem: Problem) => void) {
  const ahead = folders.toReversed()
  for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
    try {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) ahead.push(path)
        else if (entry.isFile()) yield { path }
      }
    } catch (error) {
      note({ path: folder, error })
    }
  }
}
