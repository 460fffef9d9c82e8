import { readFile } from 'node:fs/promises'
import { openWordTable, type WordTable } from './word-table.ts'

let common: WordTable | undefined

/** Called once in each worker, with the stage's `data`. */
export function setup(shared: SharedArrayBuffer): void {
  common = openWordTable(shared)
}

/** How often a file has each word that is not common. */
export async function countWords({ path }: { readonly path: string }) {
  const text = await readFile(path, 'utf8')
  const counts = new Map<string, number>()
  let words = 0
  for (const [word] of text.toLowerCase().matchAll(/\p{Letter}{2,}/gu)) {
    words++
    if (!common?.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return { path, words, counts }
}
