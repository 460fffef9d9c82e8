import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run } from './run-snippet.ts'
import { markdownExamples, type Snippet } from './snippets.ts'

// The README shows platform streams on either side, which take the platform's own streams only.

/** A snippet that is a worker's file: it exports functions and runs nothing. */
const isWorker = ({ code }: Snippet) => /^export /m.test(code)

describe('the snippets of the README', () => {
  const snippets = markdownExamples('README.md')
  const named = (some: Snippet[]) => some.map(snippet => [snippet.where, snippet] as const)

  it.runIf(snippets.length > 0).each(named(snippets.filter(snippet => !isWorker(snippet))))(
    '%s runs and gives what it says',
    async (_, snippet) => {
      await run(snippet)
    },
  )

  it.runIf(snippets.length > 0).each(named(snippets.filter(isWorker)))(
    '%s is a worker that can be loaded',
    async (_, { code }) => {
      const folder = await mkdtemp(join(tmpdir(), 'sluice-readme-'))
      await writeFile(join(folder, 'work.mjs'), code)
      const module = (await import(pathToFileURL(join(folder, 'work.mjs')).href)) as Record<string, unknown>
      await rm(folder, { recursive: true })
      expect(Object.values(module).every(value => typeof value === 'function')).toBe(true)
      expect(Object.keys(module)).not.toEqual([])
    },
  )
})
