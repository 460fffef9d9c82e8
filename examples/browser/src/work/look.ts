import type { Entry } from '../entry.ts'

/** How files of each kind begin; a dot is any byte. */
const KINDS = [
  '\xff\xd8\xff', // JPEG
  '\x89PNG\r\n\x1a\n',
  'GIF8',
  'BM',
  'RIFF....WEBP',
  '....ftypavif',
]

/** Lets images pass. Reads the first bytes only, so that what is no image is not decoded. */
export async function look(entry: Entry): Promise<Entry> {
  const { size } = entry.file
  if (size === 0) throw new TypeError('The file is empty.')
  const bytes = new Uint8Array(await entry.file.slice(0, 12).arrayBuffer())
  const start = String.fromCharCode(...bytes)
  if (!KINDS.some(kind => begins(start, kind))) {
    throw new TypeError('Not an image: it begins like no JPEG, PNG, WebP, AVIF, GIF or BMP.')
  }
  return entry
}

function begins(start: string, kind: string): boolean {
  return [...kind].every((letter, at) => letter === '.' || letter === start[at])
}
