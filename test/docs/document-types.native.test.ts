import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { userDocuments } from './documents.ts'
import { installed } from './install.ts'
import { markdownExamples } from './snippets.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What TypeScript says of programs, each a module of its own in this folder. */
function complaints(programs: readonly { where: string; code: string }[]): string[] {
  const file = (at: number) => `${root}test/docs/snippet-${at}.ts`
  const { config } = ts.readConfigFile(`${root}test/tsconfig.json`, ts.sys.readFile)
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, `${root}test`)
  // A snippet that is saved as `work.ts` has a neighbour of that name only in the reader's folder.
  const options: ts.CompilerOptions = { ...parsed.options, strict: true, noEmit: true, skipLibCheck: true }
  const host = ts.createCompilerHost(options)
  const texts = new Map(programs.map(({ code }, at) => [file(at), `${code}\nexport {}\n`]))
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = path => texts.get(path) ?? readFile(path)
  host.fileExists = path => texts.has(path) || fileExists(path)
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path)
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, rest[0], true)
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  return programs.flatMap(({ where }, at) => {
    const source = program.getSourceFile(file(at))
    return ts.getPreEmitDiagnostics(program, source).map(({ messageText, start = 0 }) => {
      const { line } = ts.getLineAndCharacterOfPosition(source as ts.SourceFile, start)
      return `${where}, line ${line + 1} of it: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  })
}

describe('the TypeScript of the documents', () => {
  beforeAll(installed, 120_000)

  it('is correct, as strict as the library itself', () => {
    const snippets = userDocuments.flatMap(document => markdownExamples(document, 'ts'))
    expect(snippets.length).toBeGreaterThan(30)
    expect(complaints(snippets)).toEqual([])
  }, 120_000)

  it('would be complained of if it were not', () => {
    const wrong = [
      { where: 'a', code: "import { map } from 'sluice'\nmap(1)" },
      {
        where: 'b',
        code: "import { range, toArray } from 'sluice'\nconst x: string[] = await toArray(range(0, 3))",
      },
    ]
    expect(complaints(wrong)).toEqual([
      expect.stringMatching(/^a, line 2 of it: Argument of type 'number'/),
      expect.stringMatching(/^b, line 2 of it: Type 'number\[\]'/),
    ])
  }, 120_000)
})
