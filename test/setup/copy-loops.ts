/**
 * Writes src/engine/own-loops.ts: what group-loop.ts makes, once for each group that may have a loop of its own. V8 knows
 * functions apart by where they stand in the source, so that nothing but a copy of the text will do.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const COPIES = 8

const source = (name: string): URL => new URL(`../../src/engine/${name}`, import.meta.url)

/** What the file has to be. */
export function ownLoopsText(): string {
  const text = readFileSync(source('group-loop.ts'), 'utf8')
  const loop = text.slice(text.indexOf('(run, account'))
  const imports = text.slice(0, text.indexOf('\n\n'))
  const names = Array.from({ length: COPIES }, (_, at) => `loop${at}`)
  return `${imports}

// Written by \`npm run loops\`: change group-loop.ts and run it again.

${names.map(name => `const ${name}: CompileLoop = ${loop}`).join('\n')}
/** Loops like that of group-loop.ts, each for one group alone. */
export const ownLoops: readonly CompileLoop[] = [${names.join(', ')}]
`
}

if (process.argv[1] === import.meta.filename) writeFileSync(source('own-loops.ts'), ownLoopsText())
