import { createReadStream, existsSync } from 'node:fs'
import { from, ndjson, toArray } from 'sluice'

/** What an earlier run has written to a file; none, if there was none. */
export async function records<T>(file: string): Promise<T[]> {
  return existsSync(file) ? toArray(from(createReadStream(file)).pipeThrough(ndjson<T>())) : []
}
