import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'
import { command } from './command.ts'

/** A folder of somebody who uses the library. */
export interface UserProject {
  readonly folder: string
  /** A path in it. */
  path(...parts: string[]): string
  write(file: string, text: string): Promise<void>
  /** Runs a program in it; gives what it printed. */
  run(name: string, ...args: string[]): Promise<string>
  remove(): Promise<void>
}

/** A project with nothing but the packed library installed, and these files. */
export async function userProject(files: Record<string, string> = {}): Promise<UserProject> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-user-'))
  await cp(inject('library').installed, folder, { recursive: true })
  const path = (...parts: string[]): string => join(folder, ...parts)
  const project: UserProject = {
    folder,
    path,
    async write(file, text) {
      await mkdir(dirname(path(file)), { recursive: true })
      await writeFile(path(file), text)
    },
    run: (name, ...args) => command(name, args, folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
  for (const [file, text] of Object.entries(files)) await project.write(file, text)
  return project
}
