import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from '../package/command.ts'
import { isInstalled } from '../package/is-installed.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
/** Where what a run leaves behind that is killed midway is in nobody's way: no tool looks for files in there. */
const scratch = fileURLToPath(new URL('../../node_modules/.docs-', import.meta.url))

/**
 * Fetches the packages of test/docs/package.json if they are not there as its lockfile has them. Several test files may ask at the same time:
 * each installs for itself, and the first one's is taken.
 */
export async function installed(): Promise<void> {
  if (isInstalled(here)) return
  const folder = await mkdtemp(scratch)
  try {
    for (const file of ['package.json', 'package-lock.json']) await cp(join(here, file), join(folder, file))
    await command('npm', ['ci', '--no-audit', '--no-fund'], folder)
    // Another was first: its packages may be in use already.
    if (isInstalled(here)) return
    // What is out of date goes in one piece, or somebody would see a half of it.
    await rename(join(here, 'node_modules'), join(folder, 'old')).catch(unless('ENOENT'))
    await rename(join(folder, 'node_modules'), join(here, 'node_modules')).catch(
      unless('ENOTEMPTY', 'EEXIST'),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function unless(...codes: readonly string[]) {
  return (error: NodeJS.ErrnoException) => {
    if (!codes.includes(error.code ?? '')) throw error
  }
}
