import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)

/** The pages of the guide, as paths from the repository's root. */
export const guidePages: readonly string[] = readdirSync(new URL('examples/guide', root))
  .filter(name => name.endsWith('.md'))
  .map(name => `examples/guide/${name}`)
  .toSorted()

/** What a user reads. */
export const userDocuments: readonly string[] = ['README.md', ...guidePages]

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}
