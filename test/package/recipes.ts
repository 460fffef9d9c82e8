import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './modules.ts'

/** The files that a page of the guide shows: code whose first line is a comment with the file's name. */
export function recipes(page: string): Record<string, string> {
  const text = readFileSync(join(root, 'examples/guide', page), 'utf8')
  const blocks = text.matchAll(/^```\w+\n\/\/ (\S+)\n([\s\S]*?)^```/gm)
  return Object.fromEntries([...blocks].map(([, file, code]) => [file, code]))
}
