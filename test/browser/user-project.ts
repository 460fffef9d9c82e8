import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installLibrary, packLibrary } from '../package/pack-library.ts'

/** Builds and packs the library, and makes a project that has it installed, and the app in `app/`. */
export async function userProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-browser-'))
  const { tarball } = await packLibrary(folder)
  const project = join(folder, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  await installLibrary(tarball, project)
  await cp(new URL('./app', import.meta.url), join(project, 'app'), { recursive: true })
  return project
}
