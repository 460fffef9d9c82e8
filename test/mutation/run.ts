/**
 * `npm run test:mutation [-- stryker options]`: StrykerJS needs Node 22 or newer, so it runs on the packaged
 * Node 24. Installs that and itself first if they are missing.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled } from '../package/is-installed.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

function run(command: string, args: string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}

for (const folder of ['test/runtimes', 'test/mutation']) {
  if (!isInstalled(join(root, folder))) run('npm', ['ci'], join(root, folder))
}

const node = join(root, 'test/runtimes/node_modules/node24/bin/node')
const stryker = join(root, 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js')
run(node, [stryker, 'run', 'test/mutation/stryker.config.json', ...process.argv.slice(2)], root)
