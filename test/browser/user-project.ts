import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from '../package/command.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds and packs the library, and makes a project that has it installed, and the app in `app/`. */
export async function userProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-browser-'))
  await command('npm', ['run', 'build'], root)
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const [{ filename }] = JSON.parse(await command('npm', pack, root)) as [{ filename: string }]
  const project = join(folder, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, filename)]
  await command('npm', install, project)
  await cp(new URL('./app', import.meta.url), join(project, 'app'), { recursive: true })
  return project
}
