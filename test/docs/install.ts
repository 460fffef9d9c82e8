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
  const { dependencies } = await manifest<{ dependencies: Record<string, string> }>('.')
  const present = await Promise.all(
    Object.entries(dependencies).map(async ([name, version]) => {
      const found = await manifest<{ version: string }>(join('node_modules', name)).catch(() => undefined)
      return found?.version === version
    }),
  )
  if (present.every(Boolean)) return
  const folder = await mkdtemp(join(here, 'node_modules.'))
  try {
    for (const file of ['package.json', 'package-lock.json']) await cp(join(here, file), join(folder, file))
    await command('npm', ['ci', '--no-audit', '--no-fund'], folder)
    if (present.some(Boolean)) await rm(join(here, 'node_modules'), { recursive: true, force: true })
    await rename(join(folder, 'node_modules'), join(here, 'node_modules')).catch(error => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function manifest<T>(folder: string): Promise<T> {
  return JSON.parse(await readFile(join(here, folder, 'package.json'), 'utf8')) as T
}
