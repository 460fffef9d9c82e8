import { from, map } from 'sluice'
import { CHUNK, wholeOf } from './source.ts'
import { still } from './still.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>

/** What a file holds whose stream is measured, and what is to be written over it, of the same length. */
export interface Contents {
  readonly before: Uint8Array<ArrayBuffer>
  readonly after: Uint8Array<ArrayBuffer>
}

/** Several times `bound` chunks. */
export function contents(bound: number): Contents {
  const before = wholeOf(4 * bound)
  return { before, after: new Uint8Array(before.length) }
}

/**
 * How many chunks of a file its stream holds for a consumer of ours that has stopped. The file is written over: what comes of
 * its old bytes after that had been read ahead. A platform may then say that the file has changed, and what may come still of
 * the new ones is not waited for.
 */
export async function heldOfFile(stream: Bytes, overwrite: () => unknown): Promise<number> {
  const reader = from(stream)
    .pipeThrough(map((chunk: Uint8Array<ArrayBuffer>) => chunk))
    .getReader()
  for (let reads = 0; reads < 3; reads++) await reader.read()
  // Nobody can see it reading ahead: it is given the time in which others come to rest.
  await still(() => 0)
  await overwrite()
  let old = 0
  let fresh = 0
  try {
    while (fresh === 0) {
      const { done, value } = await reader.read()
      if (done) break
      fresh = value.filter(byte => byte === 0).length
      old += value.length - fresh
    }
    await reader.cancel()
  } catch (error) {
    if ((error as Error).name !== 'NotReadableError') throw error
  }
  return Math.ceil(old / CHUNK)
}
