import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { command } from './command.ts'
import { root } from './modules.ts'
import { tools } from './tools.ts'
import { type UserProject, userProject } from './user-project.ts'

let user: UserProject
let deno: string
let bun: string

beforeAll(async () => {
  const installed = await tools('runtimes')
  deno = join(installed, '@deno/linux-x64-glibc/deno')
  bun = join(installed, '@oven/bun-linux-x64/bin/bun')
  user = await userProject({ 'work.ts': work })
})

afterAll(() => user.remove())

const work = 'export default (n: number): number => n * 2'
/** What a user writes, with the library's name as their runtime has it. */
const program = (sluice: string): string => `
  import { from, map, reject, toArray } from '${sluice}'
  import { parallel } from '${sluice}/parallel'
  const stage = parallel<typeof import('./work.ts')>(new URL('./work.ts', import.meta.url), { threads: 2 })
  const texts: string[] = await toArray(
    from([1, 2, 3]).pipeThrough(stage).pipeThrough(map(n => n.toFixed(1), { strategy: reject(8) })),
  )
  console.log(texts.join())`
const printed = '2.0,4.0,6.0\n'

describe('Deno', () => {
  test.each(['sluice', 'npm:sluice@0.1.0'])('checks and runs a program that imports %s', async sluice => {
    await user.write('main.ts', program(sluice))
    await user.run(deno, 'check', 'main.ts')
    expect(await user.run(deno, 'run', '-A', '--no-lock', 'main.ts')).toBe(printed)
  })

  test('runs the sources as they come over the network, as JSR serves them', async () => {
    const server = createServer(async (request, response) => {
      const text = await readFile(join(root, request.url ?? '')).catch(() => undefined)
      response.writeHead(text ? 200 : 404, { 'content-type': 'application/typescript' }).end(text)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { exports } = JSON.parse(await readFile(join(root, 'jsr.json'), 'utf8')) as {
      exports: Record<string, string>
    }
    const imports = Object.entries(exports).map(([entry, file]) => [
      `sluice${entry.slice(1)}`,
      new URL(file, `http://127.0.0.1:${port}/`).href,
    ])
    imports.push(['tinypool', './node_modules/tinypool/dist/index.js'])
    const folder = await mkdtemp(join(tmpdir(), 'sluice-deno-'))
    try {
      await user.write('main.ts', program('sluice'))
      await user.write('network.json', JSON.stringify({ imports: Object.fromEntries(imports) }))
      const flags = ['run', '-A', '--no-lock', '--no-check', '--config', 'network.json']
      expect(await user.run('env', `DENO_DIR=${folder}`, deno, ...flags, 'main.ts')).toBe(printed)
    } finally {
      server.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})

test('Bun installs the tarball and runs a program', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bun-'))
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{ "private": true }')
    await writeFile(join(folder, 'main.ts'), program('sluice'))
    await writeFile(join(folder, 'work.ts'), work)
    await command(bun, ['install', inject('library').tarball], folder)
    expect(await command(bun, ['main.ts'], folder)).toBe(printed)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
