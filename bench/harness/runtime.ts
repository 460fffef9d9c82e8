import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'

export interface Runtime {
  /** As targets and result files call it: `node24`, `deno2`, `bun1`. */
  readonly id: string
  readonly version: string
  readonly path: string
  /** In front of the script; garbage collection on demand keeps one run from paying for another. */
  readonly flags: readonly string[]
}

export function inspectRuntime(path: string): Runtime {
  const answer = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 }).split(
    '\n',
  )[0] as string
  const version = answer.replace(/^(v|deno )/, '').split(' ')[0] as string
  const kind = answer.startsWith('deno') ? 'deno' : answer.startsWith('v') ? 'node' : 'bun'
  if (kind === 'bun' && !basename(path).startsWith('bun'))
    throw new Error(`${path} is no known runtime: ${answer}`)
  const flags = {
    node: ['--expose-gc'],
    deno: ['run', '--allow-all', '--v8-flags=--expose-gc'],
    bun: [],
  }[kind]
  return { id: kind + version.split('.')[0], version, path, flags }
}
