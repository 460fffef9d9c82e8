import { makeZip } from 'client-zip'
import { filter, from, map } from 'sluice'
import type { Entry } from '../entry.ts'
import { checksumText } from './checksums.ts'

/** All results as a ZIP, written while it is read: thumbnails, and the checksums if there are any. */
export function zipOf(entries: readonly Entry[]): ReadableStream<Uint8Array> {
  const name = namer()
  const thumbnails = from(entries)
    .pipeThrough(filter(({ thumbnail }) => thumbnail !== undefined))
    .pipeThrough(
      map(({ path, thumbnail, file }) => part(name(path, thumbnail?.blob.type), thumbnail?.blob, file)),
    )
  const checksums = checksumText(entries)
  return makeZip(
    from(async function* () {
      yield* thumbnails
      if (checksums !== '') yield { name: 'SHA256SUMS.txt', input: checksums }
    }),
  )
}

const part = (name: string, input: Blob | undefined, { lastModified }: File) => ({
  name,
  input: (input as Blob).stream(),
  size: (input as Blob).size,
  lastModified: new Date(lastModified),
})

/** Names for the thumbnails of files, no two the same. */
function namer(): (path: string, type?: string) => string {
  const taken = new Set<string>()
  return (path, type = 'image/jpeg') => {
    const stem = `thumbnails/${path.replace(/\.[^./]+$/, '')}`
    const ending = type.replace('image/', '.').replace('.jpeg', '.jpg')
    let name = `${stem}${ending}`
    for (let number = 2; taken.has(name); number++) name = `${stem}-${number}${ending}`
    taken.add(name)
    return name
  }
}
