import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** One `import`, `export … from` or `import()` in a source file. */
export interface Edge {
  /** As written, or for a relative import the file's path below src. */
  to: string
  /** Whether the imported file is one of ours. */
  relative: boolean
  /** Erased by the compiler. */
  typeOnly: boolean
  /** `export … from`. */
  reExport: boolean
}

/** One file of src. */
export interface Module {
  /** Path below src, with forward slashes. */
  path: string
  text: string
  edges: Edge[]
  /** `eval(…)`, `Function(…)`, `new Function(…)`, `import(somethingComputed)`. */
  dynamicCode: string[]
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

export function readModules(directory = join(root, 'src')): Map<string, Module> {
  const modules = new Map<string, Module>()
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
    const file = join(entry.parentPath, entry.name)
    const path = relative(directory, file).split(sep).join('/')
    modules.set(path, parseModule(path, readFileSync(file, 'utf8')))
  }
  return modules
}

export function parseModule(path: string, text: string): Module {
  const module: Module = { path, text, edges: [], dynamicCode: [] }
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)

  const addEdge = (specifier: string, typeOnly: boolean, reExport: boolean) => {
    const isRelative = specifier.startsWith('.')
    const to = isRelative ? posix.join(dirname(path), specifier) : specifier
    module.edges.push({ to, relative: isRelative, typeOnly, reExport })
  }

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      addEdge(node.moduleSpecifier.text, node.importClause?.isTypeOnly === true, false)
    } else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      addEdge(node.moduleSpecifier.text, node.isTypeOnly, true)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) addEdge(node.argument.literal.text, true, false)
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = node.expression
      const [argument] = node.arguments ?? []
      if (callee.kind === ts.SyntaxKind.ImportKeyword) {
        if (argument !== undefined && ts.isStringLiteralLike(argument)) addEdge(argument.text, false, false)
        else module.dynamicCode.push(node.getText(source))
      } else if (/^(globalThis\.)?(eval|Function)$/.test(callee.getText(source))) {
        module.dynamicCode.push(node.getText(source))
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return module
}

/** Every module reachable from `start`, itself included, along the edges `follow` accepts. */
export function reachable(
  modules: Map<string, Module>,
  start: string,
  follow: (edge: Edge) => boolean,
): Map<string, Module> {
  const seen = new Map<string, Module>()
  const queue = [start]
  for (const path of queue) {
    const module = modules.get(path)
    if (module === undefined || seen.has(path)) continue
    seen.set(path, module)
    for (const edge of module.edges) if (edge.relative && follow(edge)) queue.push(edge.to)
  }
  return seen
}

/** Runtime import cycles, each as `a.ts > b.ts > a.ts`. */
export function runtimeCycles(modules: Map<string, Module>): string[] {
  const cycles: string[] = []
  const done = new Set<string>()
  const trail: string[] = []
  const walk = (path: string): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(' > '))
      return
    }
    if (done.has(path)) return
    trail.push(path)
    for (const edge of modules.get(path)?.edges ?? []) {
      if (edge.relative && !edge.typeOnly) walk(edge.to)
    }
    trail.pop()
    done.add(path)
  }
  for (const path of modules.keys()) walk(path)
  return cycles
}
