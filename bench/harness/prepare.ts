import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bench, root } from './paths.ts'

export function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Installs the peers, once, and builds the library as it is published. */
export function prepare(): void {
  if (!existsSync(join(bench, 'node_modules'))) run('npm', ['ci', '--ignore-scripts'], bench)
  run('npm', ['run', 'build', '--silent', '--', '--silent', '--no-dts'], root)
}
