import type { Entry } from '../entry.ts'

/** As `sha256sum --check` reads it; empty where there are no checksums. */
export function checksumText(entries: readonly Entry[]): string {
  return entries
    .filter(({ sha256 }) => sha256 !== undefined)
    .map(({ sha256, path }) => `${sha256}  ${path}\n`)
    .join('')
}
