import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { bench, root } from './paths.ts'

export function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Installs the peers, unless the locked ones are there, and builds the library as it is published. */
export function prepare(): void {
  const installed = changedAt('node_modules/.package-lock.json')
  if (installed === undefined || installed < (changedAt('package-lock.json') ?? 0))
    run('npm', ['ci', '--ignore-scripts'], bench)
  run('npm', ['run', 'build', '--silent', '--', '--silent', '--no-dts'], root)
}

const changedAt = (file: string): number | undefined =>
  statSync(join(bench, file), { throwIfNoEntry: false })?.mtimeMs
