import { join } from 'node:path'
import ts from 'typescript'
import { root } from './modules.ts'

/**
 * Where a property name is used in src for something that is not only ours: on an object of the platform, in an object
 * that is handed to it, on a value whose type nobody knows, or as a string.
 */
export function foreignUses(names: ReadonlySet<string>): Map<string, string[]> {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: problem => {
      throw new Error(String(problem.messageText))
    },
  })
  if (!config) throw new Error('no tsconfig.json')
  const program = ts.createProgram(config.fileNames, config.options)
  const checker = program.getTypeChecker()
  const source = join(root, 'src/')
  const found = new Map<string, string[]>()

  const ours = (symbol: ts.Symbol | undefined): boolean =>
    symbol?.declarations?.every(declaration => declaration.getSourceFile().fileName.startsWith(source)) ??
    false

  const report = (name: string, at: ts.Node): void => {
    const file = at.getSourceFile()
    const line = file.getLineAndCharacterOfPosition(at.getStart()).line + 1
    found.set(name, [...(found.get(name) ?? []), `${file.fileName.slice(source.length)}:${line}`])
  }

  /** A member that somebody else's type has too, which an object or a class is to be. */
  const isTheirs = (type: ts.Type | undefined, name: string): boolean => {
    const property = type && checker.getPropertyOfType(checker.getNonNullableType(type), name)
    return property !== undefined && !ours(property)
  }

  const look = (node: ts.Node): void => {
    const name = ts.isIdentifier(node) ? node.text : undefined
    if (name !== undefined && names.has(name)) {
      const { parent } = node
      if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
        if (!ours(checker.getSymbolAtLocation(node))) report(name, node)
      } else if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
        if ((parent.propertyName ?? parent.name) === node) {
          const property = checker.getPropertyOfType(checker.getTypeAtLocation(parent.parent), name)
          if (!ours(property)) report(name, node)
        }
      } else if (ts.isObjectLiteralElementLike(parent) && parent.name === node) {
        const object = parent.parent as ts.ObjectLiteralExpression
        if (isTheirs(checker.getContextualType(object), name)) report(name, node)
      } else if (ts.isClassElement(parent) && parent.name === node && ts.isClassLike(parent.parent)) {
        const types = (parent.parent.heritageClauses ?? []).flatMap(clause => clause.types)
        if (types.some(type => isTheirs(checker.getTypeAtLocation(type), name))) report(name, node)
      }
    }
    // The two ends of a message may be of two builds.
    if (ts.isPropertySignature(node) && ts.isIdentifier(node.name) && names.has(node.name.text)) {
      if (/executors\/(.*messages|wire-error)\.ts$/.test(node.getSourceFile().fileName))
        report(node.name.text, node)
    }
    if (ts.isElementAccessExpression(node)) {
      const key = checker.getTypeAtLocation(node.argumentExpression)
      for (const type of key.isUnion() ? key.types : [key]) {
        if (type.isStringLiteral() && names.has(type.value)) report(type.value, node)
      }
    }
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.InKeyword &&
      ts.isStringLiteral(node.left) &&
      names.has(node.left.text)
    ) {
      report(node.left.text, node)
    }
    ts.forEachChild(node, look)
  }
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(source)) look(file)
  return found
}
