import type { Entry, Problem } from '../entry.ts'

/** The files that were dropped, those in folders too, as they are found. To be called while the event is handled. */
export function dropped(transfer: DataTransfer, note: (problem: Problem) => void): AsyncIterable<Entry> {
  // The list is empty as soon as the handler has returned.
  const roots = Array.from(transfer.items, item => item.webkitGetAsEntry()).filter(entry => entry !== null)
  return walk(roots, note)
}

async function* walk(
  entries: readonly FileSystemEntry[],
  note: (problem: Problem) => void,
): AsyncGenerator<Entry> {
  for (const entry of entries) {
    const path = entry.fullPath.replace(/^\//, '')
    try {
      if (isFile(entry)) yield { path, file: await fileOf(entry) }
      else if (isFolder(entry)) yield* walk(await inside(entry), note)
    } catch (error) {
      note({ path, error })
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** A reader gives up to a hundred entries at a time, and none at the end. */
async function inside(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0)
      return all.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
    all.push(...some)
  }
}
