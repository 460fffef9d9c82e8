import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = new URL('../../', import.meta.url)

/** A piece of code out of the documentation. */
export interface Snippet {
  /** File and line, for the test's name. */
  readonly where: string
  readonly code: string
}

function fenced(text: string, file: string, firstLine: number, language = '[jt]s'): Snippet[] {
  const fence = new RegExp(`^\`\`\`${language}[^\\n]*\\n([\\s\\S]*?)^\`\`\``, 'gm')
  return [...text.matchAll(fence)].map(match => ({
    where: `${file}:${firstLine + text.slice(0, match.index).split('\n').length}`,
    code: match[1] as string,
  }))
}

/** The `ts` examples of all doc comments under a folder. */
export function docExamples(folder: string): Snippet[] {
  const files = readdirSync(fileURLToPath(new URL(folder, root)), { recursive: true, encoding: 'utf8' })
  return files
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => {
      const text = readFileSync(new URL(`${folder}/${file}`, root), 'utf8')
      return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(comment => {
        const bare = comment[0].replace(/^[ \t]*\/?\*+[ \t]?/gm, '')
        return fenced(bare, `${folder}/${file}`, text.slice(0, comment.index).split('\n').length - 1)
      })
    })
}

/** The `ts` and `js` snippets of a Markdown file; none while it does not exist. */
export function markdownExamples(file: string, language?: 'ts' | 'js'): Snippet[] {
  try {
    return fenced(readFileSync(new URL(file, root), 'utf8'), file, 0, language)
  } catch {
    return []
  }
}

/** What a snippet promises in a comment `// => value`. */
interface Promise_ {
  readonly pos: number
  readonly end: number
  readonly expected: string
}

/** The comments that say what the code before them gives; a value may go on in the comment lines that follow. */
function promises(code: string): Promise_[] {
  const found: Promise_[] = []
  const pattern = /\/\/ => (.*(?:\n[ \t]*\/\/(?! =>).*)*)/g
  for (const match of code.matchAll(pattern)) {
    const expected = (match[1] as string).replace(/\n[ \t]*\/\//g, '\n')
    found.push({ pos: match.index, end: match.index + match[0].length, expected })
  }
  return found
}

/** The value that a statement shows: what it logs, its expression, or the last variable it declares. */
function shown(
  statement: ts.Statement,
  source: ts.SourceFile,
): { code: string; replaces: boolean } | undefined {
  const text = statement.getText(source)
  if (text.includes('console.log(')) return { code: '__logged()', replaces: false }
  if (ts.isExpressionStatement(statement)) return { code: text.replace(/;$/, ''), replaces: true }
  if (ts.isVariableStatement(statement)) {
    const name = statement.declarationList.declarations.at(-1)?.name.getText(source)
    return name === undefined ? undefined : { code: name, replaces: false }
  }
  return undefined
}

/** The module specifier and names of an import, as a dynamic one. */
function importing(statement: ts.ImportDeclaration, source: ts.SourceFile): string {
  const module = statement.moduleSpecifier.getText(source)
  const clause = statement.importClause
  if (!clause || clause.isTypeOnly) return ''
  const names: string[] = []
  if (clause.name) names.push(`default: ${clause.name.text}`)
  const bindings = clause.namedBindings
  if (bindings && ts.isNamespaceImport(bindings))
    return `const ${bindings.name.text} = await __import(${module});`
  for (const { isTypeOnly, propertyName, name } of bindings?.elements ?? []) {
    if (!isTypeOnly) names.push(propertyName ? `${propertyName.text}: ${name.text}` : name.text)
  }
  return `const { ${names.join(', ')} } = await __import(${module});`
}

/**
 * The body of an async function that does what the snippet does and calls `__check(actual, expected)` for each
 * promise it makes; `__logged()` is what it logged last, imports become calls of `__import`, and its address `__url`.
 * @throws {Error} A promise stands behind nothing that has a value.
 */
export function compile({ where, code }: Snippet): { body: string; checks: number } {
  const source = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.Latest, true)
  const said = promises(code)
  const edits: { pos: number; end: number; text: string }[] = []
  for (const { pos, expected } of said) {
    const statement = source.statements.findLast(({ end }) => end <= pos)
    const value = statement && shown(statement, source)
    if (!statement || !value) throw new Error(`${where}: nothing before “// => ${expected}” has a value`)
    const check = `__check(${value.code}, (${expected}));`
    if (value.replaces) edits.push({ pos: statement.getStart(source), end: statement.end, text: check })
    else edits.push({ pos: statement.end, end: statement.end, text: `;${check}` })
  }
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue
    edits.push({ pos: statement.getStart(source), end: statement.end, text: importing(statement, source) })
  }
  let edited = code
  for (const { pos, end, text } of edits.sort((a, b) => b.pos - a.pos))
    edited = edited.slice(0, pos) + text + edited.slice(end)
  const { outputText } = ts.transpileModule(`async function __run() {\n${edited}\n}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const own = outputText.replace(/^export \{\};?$/m, '').replace(/\bimport\.meta\.url\b/g, '__url')
  return { body: `${own}\nreturn await __run()`, checks: said.length }
}
