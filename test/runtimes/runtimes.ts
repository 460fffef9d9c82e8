import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export interface Runtime {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

const packaged = (path: string): string => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url))

/** All runtimes of the suite; this Node is the oldest that the library supports, where it is one of 20. */
export const RUNTIMES: readonly Runtime[] = [
  { name: 'node20', command: process.execPath, args: [] },
  ...['node22', 'node24', 'node26'].map(name => ({ name, command: packaged(`${name}/bin/node`), args: [] })),
  {
    name: 'deno',
    command: packaged('@deno/linux-x64-glibc/deno'),
    args: ['run', '--allow-all', '--no-lock', '--quiet'],
  },
  { name: 'bun', command: packaged('@oven/bun-linux-x64/bin/bun'), args: ['run'] },
]

/** Why a runtime cannot run here. */
export function missing({ name, command }: Runtime): string | undefined {
  if (!existsSync(command)) return `there is no ${command}: run npm ci in test/runtimes`
  if (name === 'node20' && !process.version.startsWith('v20.'))
    return `this is Node ${process.version}, not 20`
  return undefined
}
