import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { textOf } from './documents.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Something that an entry exports. */
export interface PublicSymbol {
  /** The entry and the name: `sluice/parallel: createPool`. */
  readonly where: string
  /** Functions, classes and constants are there at run time; types are not. */
  readonly isValue: boolean
  /** The text of its doc comment. */
  readonly comment: string
  /** The code of its examples. */
  readonly examples: readonly string[]
}

/** The files of the entries in package.json, those for browsers included. */
export function entryFiles(): readonly string[] {
  type Target = { default: string }
  const { exports } = JSON.parse(textOf('package.json')) as {
    exports: Record<string, string | { import: Target; browser?: Target }>
  }
  return Object.values(exports).flatMap(target => {
    if (typeof target === 'string') return []
    const targets = target.browser ? [target.import, target.browser] : [target.import]
    return targets.map(({ default: path }) => path.replace(/^\.\/dist\/(.+)\.js$/, 'src/$1.ts'))
  })
}

/** All that the given files export, with its documentation; `read` gives a file that is not on the disk. */
export function publicSymbols(files: readonly string[], read?: (path: string) => string): PublicSymbol[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    // A text that is not on the disk refers to nothing.
    noLib: read !== undefined,
  }
  const host = ts.createCompilerHost(options)
  if (read) {
    const { readFile, fileExists } = host
    host.fileExists = path => files.includes(path.slice(root.length)) || fileExists(path)
    host.readFile = path =>
      files.includes(path.slice(root.length)) ? read(path.slice(root.length)) : readFile(path)
  }
  const program = ts.createProgram(
    files.map(file => root + file),
    options,
    host,
  )
  const checker = program.getTypeChecker()
  return files.flatMap(file => {
    const source = program.getSourceFile(root + file)
    const module = source && checker.getSymbolAtLocation(source)
    if (!module) throw new Error(`${file} exports nothing`)
    return checker.getExportsOfModule(module).map(exported => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const tags = symbol.getJsDocTags(checker)
      return {
        where: `${file}: ${exported.name}`,
        isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
        comment: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
        examples: tags
          .filter(tag => tag.name === 'example')
          .map(tag => ts.displayPartsToString(tag.text))
          .filter(text => /^```ts\n[\s\S]*\/\/ => /m.test(text)),
      }
    })
  })
}
