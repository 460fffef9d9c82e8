import type { Entry } from '../entry.ts'

/** What a file input was given. */
export function picked(input: HTMLInputElement): Entry[] {
  return Array.from(input.files ?? [], file => ({ path: file.webkitRelativePath || file.name, file }))
}
