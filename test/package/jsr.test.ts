import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { command } from './command.ts'
import { entries } from './entries.ts'
import { root } from './modules.ts'
import { tools } from './tools.ts'

interface Manifest {
  version: string
  license: string
  exports: Record<string, string>
  imports: Record<string, string>
  optionalDependencies: Record<string, string>
  peerDependencies: Record<string, string>
}
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest
const [jsr, npm] = [read('jsr.json'), read('package.json')]

describe('jsr.json', () => {
  test('says what package.json says', () => {
    expect([jsr.version, jsr.license]).toEqual([npm.version, npm.license])
    expect(Object.keys(jsr.exports).map(key => `sluice${key.slice(1)}`)).toEqual(entries)
    const packages = Object.entries({ ...npm.optionalDependencies, ...npm.peerDependencies })
    expect(jsr.imports).toEqual(
      Object.fromEntries(packages.map(([name, range]) => [name, `npm:${name}@${range}`])),
    )
  })

  // Slow types, which JSR marks packages down for, would fail it: the flag that allows them is not given.
  test('can be published, with types that need no inference', async () => {
    const deno = join(await tools('runtimes'), '@deno/linux-x64-glibc/deno')
    await command(deno, ['publish', '--dry-run', '--allow-dirty'], root)
  })
})
