import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from '../package/command.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * Fetches the packages of test/docs/package.json if they are not there yet. Several test files may ask at the same time:
 * each installs for itself, and the first one's is taken.
 */
export async function installed(): Promise<void> {
  if (await present()) return
  const folder = await mkdtemp(join(here, 'node_modules.'))
  try {
    for (const file of ['package.json', 'package-lock.json']) await cp(join(here, file), join(folder, file))
    await command('npm', ['ci', '--no-audit', '--no-fund'], folder)
    // Another was first: its packages may be in use already.
    if (await present()) return
    // What is out of date goes in one piece, or somebody would see a half of it.
    await rename(join(here, 'node_modules'), join(folder, 'old')).catch(unless('ENOENT'))
    await rename(join(folder, 'node_modules'), join(here, 'node_modules')).catch(
      unless('ENOTEMPTY', 'EEXIST'),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Whether all packages are there, each in the version that is wanted. */
async function present(): Promise<boolean> {
  const { dependencies } = await manifest<{ dependencies: Record<string, string> }>('.')
  const found = await Promise.all(
    Object.entries(dependencies).map(async ([name, version]) => {
      const installed = await manifest<{ version: string }>(join('node_modules', name)).catch(() => undefined)
      return installed?.version === version.replace(/^npm:.*@/, '')
    }),
  )
  return found.every(Boolean)
}

function unless(...codes: readonly string[]) {
  return (error: NodeJS.ErrnoException) => {
    if (!codes.includes(error.code ?? '')) throw error
  }
}

async function manifest<T>(folder: string): Promise<T> {
  return JSON.parse(await readFile(join(here, folder, 'package.json'), 'utf8')) as T
}
