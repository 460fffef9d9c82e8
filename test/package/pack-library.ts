import { join } from 'node:path'
import { command } from './command.ts'
import { root } from './modules.ts'

/** The library as npm would publish it. */
export interface Packed {
  /** The tarball's path. */
  readonly tarball: string
  /** What is in it. */
  readonly files: string[]
}

/** Builds the library and packs it into the folder. */
export async function packLibrary(folder: string): Promise<Packed> {
  await command('npm', ['run', 'build'], root)
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const [{ filename, files }] = JSON.parse(await command('npm', pack, root)) as [
    { filename: string; files: { path: string }[] },
  ]
  return { tarball: join(folder, filename), files: files.map(file => file.path) }
}

/**
 * Installs the tarball in a project. Not --offline: npm's cache has the pool's tarball from `npm ci`, but not what the
 * registry says of its versions, and npm leaves out an optional dependency that it cannot find without a word.
 */
export async function installLibrary(tarball: string, project: string): Promise<void> {
  await command('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], project)
}
