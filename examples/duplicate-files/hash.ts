import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Measured } from './measure.ts'

/** A file with a hash of its content, or of the start of it. */
export interface Fingerprinted extends Measured {
  readonly fingerprint: string
}

const START = 4096

/** Hashes the first 4 KB, which tells most files of one size apart. */
export async function hashStart(file: Measured): Promise<Fingerprinted> {
  const hash = await digest(file.path, Math.min(START, file.size))
  return { ...file, fingerprint: `${file.size} ${hash}` }
}

/** Hashes all of a file; one that fits into 4 KB has been hashed already. */
export async function hashWhole(file: Fingerprinted): Promise<Fingerprinted> {
  return file.size <= START ? file : { ...file, fingerprint: await digest(file.path, file.size) }
}

/** A file is read piece by piece, however long it is. */
async function digest(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256')
  let read = 0
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) {
    hash.update(chunk)
    read += chunk.length
  }
  if (read < bytes) throw new Error('it became shorter while it was read')
  return hash.digest('hex')
}
