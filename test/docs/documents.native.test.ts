import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userDocuments } from './documents.ts'
import { installed } from './install.ts'
import { run } from './run-snippet.ts'
import { markdownExamples, type Snippet } from './snippets.ts'

// The README shows platform streams on either side, which take the platform's own streams only.

/** A snippet that is a worker's file: it exports functions and runs nothing. */
const isWorker = ({ code }: Snippet) => /^export /m.test(code)
const named = (some: Snippet[]) => some.map(snippet => [snippet.where, snippet] as const)

/** The name that a snippet says it is to be saved as, in its first line. */
const nameOf = ({ code }: Snippet) => /^\/\/ ([\w-]+\.m?[jt]s)$/m.exec(code)?.[1]

beforeAll(installed, 120_000)

describe.each(userDocuments)('the snippets of %s', document => {
  const snippets = markdownExamples(document)
  const programs = snippets.filter(snippet => !isWorker(snippet))
  const workers = snippets.filter(isWorker)
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-docs-'))
    for (const [at, worker] of workers.entries())
      await writeFile(join(folder, nameOf(worker) ?? `work-${at}.mjs`), worker.code)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('are found', () => {
    expect(snippets.length).toBeGreaterThan(0)
  })

  it.runIf(programs.length > 0).each(named(programs))(
    '%s runs and gives what it says',
    async (_, snippet) => {
      await run(snippet, pathToFileURL(join(folder, 'snippet.mjs')).href)
    },
  )

  it.runIf(workers.length > 0).each(named(workers))(
    '%s is a worker that can be loaded',
    async (_, snippet) => {
      const code = ts.transpile(snippet.code, {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
      })
      const file = join(folder, `load-${workers.indexOf(snippet)}.mjs`)
      await writeFile(file, code)
      const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>
      expect(Object.values(module).every(value => typeof value === 'function')).toBe(true)
      expect(Object.keys(module)).not.toEqual([])
    },
  )
})
