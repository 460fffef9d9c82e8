import { lstat } from 'node:fs/promises'

/** A file, and what its folder says about it. */
export interface Measured {
  readonly path: string
  readonly size: number
  /** The same for two names of one file: hard links, or a folder that was given twice. */
  readonly inode: string
}

/** Asks for a file's size, and for the number that tells it from all others. */
export async function measure({ path }: { path: string }): Promise<Measured> {
  const { size, dev, ino } = await lstat(path, { bigint: true })
  return { path, size: Number(size), inode: `${dev}:${ino}` }
}
