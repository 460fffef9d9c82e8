import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'

export interface Runtime {
  /** As targets and result files call it: `node24`, `deno2`, `bun1`. */
  readonly id: string
  readonly version: string
  readonly path: string
  /** In front of the script, to give V8 these. */
  readonly flags: (v8Flags: readonly string[]) => readonly string[]
}

export function inspectRuntime(path: string): Runtime {
  const answer = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 }).split(
    '\n',
  )[0] as string
  const version = answer.replace(/^(v|deno )/, '').split(' ')[0] as string
  const kind = answer.startsWith('deno') ? 'deno' : answer.startsWith('v') ? 'node' : 'bun'
  if (kind === 'bun' && !basename(path).startsWith('bun'))
    throw new Error(`${path} is no known runtime: ${answer}`)
  const flags: Readonly<Record<typeof kind, Runtime['flags']>> = {
    node: v8Flags => v8Flags,
    deno: v8Flags => ['run', '--allow-all', `--v8-flags=${v8Flags.join(',')}`],
    bun: () => [],
  }
  return { id: kind + version.split('.')[0], version, path, flags: flags[kind] }
}
