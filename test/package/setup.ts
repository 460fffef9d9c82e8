import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installLibrary, type Packed, packLibrary } from './pack-library.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The library as these tests have packed it, and a project of a user that has it installed. */
    library: Packed & { readonly installed: string }
  }
}

/** Packs and installs the library once, for all files of the project `package`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-pack-'))
  const packed = await packLibrary(folder)
  const installed = join(folder, 'user')
  await mkdir(installed)
  await writeFile(join(installed, 'package.json'), '{ "private": true, "type": "module" }')
  await installLibrary(packed.tarball, installed)
  project.provide('library', { ...packed, installed })
  return () => rm(folder, { recursive: true, force: true })
}
