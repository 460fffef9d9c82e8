import { sha256 as incremental } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { forEach } from 'sluice'
import type { TaskContext } from 'sluice/worker'
import type { Entry } from '../entry.ts'

/** The browser's own SHA-256 is the fastest, but wants all bytes at once: not those of a film. */
const AT_ONCE = 64 * 2 ** 20

/** Computes the file's SHA-256, with at most 64 MB of it in memory. */
export async function sha256(entry: Entry, { signal }: TaskContext): Promise<Entry> {
  const { file } = entry
  // Only pages of `https:` and of localhost have `subtle`.
  if (file.size <= AT_ONCE && crypto.subtle) {
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    return { ...entry, sha256: bytesToHex(new Uint8Array(digest)) }
  }
  const hash = incremental.create()
  await forEach(file.stream(), chunk => void hash.update(chunk), { signal })
  return { ...entry, sha256: bytesToHex(hash.digest()) }
}
