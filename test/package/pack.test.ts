import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command } from './command.ts'
import { root } from './modules.ts'

interface Packed {
  filename: string
  files: { path: string }[]
}

const bin = (name: string) => join(root, 'node_modules/.bin', name)
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>
}
const specifiers = Object.keys(manifest.exports)
  .filter(key => key !== './package.json')
  .map(key => `sluice${key.slice(1)}`)

let folder: string
let tarball: string
let files: string[]

/** A project of a user, with the packed library installed. */
const user = (...path: string[]) => join(folder, 'user', ...path)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-pack-'))
  await mkdir(user())
  await command('npm', ['run', 'build'], root)
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const [packed] = JSON.parse(await command('npm', pack, root)) as [Packed]
  tarball = join(folder, packed.filename)
  files = packed.files.map(file => file.path)
  await writeFile(user('package.json'), '{ "private": true, "type": "module" }')
  // Not --offline: npm's cache has the pool's tarball from `npm ci`, but not what the registry says of its versions, and
  // npm leaves out an optional dependency that it cannot find without a word.
  await command('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], user())
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the packed library', () => {
  test('holds the build, its documents and nothing else', () => {
    const outside = files.filter(path => !/^(dist|examples\/guide)\//.test(path)).toSorted()
    expect(outside).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'])
    const guide = files.filter(path => path.startsWith('examples/'))
    expect(guide).toEqual(guide.filter(path => path.endsWith('.md')))
    expect(
      files.filter(path => !/\.(c?js|d\.c?ts|c?js\.map)$/.test(path) && path.startsWith('dist/')),
    ).toEqual([])
  })

  test('has source maps that carry their sources', async () => {
    const maps = files.filter(path => path.endsWith('.map'))
    expect(maps.length).toBeGreaterThan(0)
    for (const path of maps) {
      const map = JSON.parse(await readFile(user('node_modules/sluice', path), 'utf8')) as {
        sources: string[]
        sourcesContent?: (string | null)[]
      }
      // src is not in the package, so a debugger has only these.
      const without = map.sources.filter((_, i) => typeof map.sourcesContent?.[i] !== 'string')
      expect(without.filter(source => source.includes('/'))).toEqual([])
    }
  })

  test('names no folder of the machine that built it', async () => {
    for (const path of files) {
      expect(await readFile(user('node_modules/sluice', path), 'utf8')).not.toContain(root)
    }
  })

  test('installs nothing else but the optional pool', async () => {
    const lock = JSON.parse(await readFile(user('package-lock.json'), 'utf8')) as { packages: object }
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/sluice', 'node_modules/tinypool'])
  })

  test.each(specifiers)('gives ESM and CJS the same names from %s', async specifier => {
    const print = 'console.log(JSON.stringify(Object.keys(exports).sort()))'
    await writeFile(user('esm.mjs'), `import * as exports from '${specifier}'\n${print}`)
    await writeFile(
      user('cjs.cjs'),
      `const exports_ = require('${specifier}')\n${print.replace('exports', 'exports_')}`,
    )
    const esm = JSON.parse(await command('node', ['esm.mjs'], user())) as string[]
    const cjs = JSON.parse(await command('node', ['cjs.cjs'], user())) as string[]
    expect(esm.length).toBeGreaterThan(0)
    expect(esm.filter(name => name === 'default')).toEqual([])
    expect(cjs).toEqual(esm)
  })

  test.each(['esm.mjs', 'cjs.cjs'])('runs a pipeline from %s', async file => {
    const names = '{ from, map, toArray }'
    const load = file.endsWith('.mjs')
      ? `import ${names} from 'sluice'`
      : `const ${names} = require('sluice')`
    const program = `toArray(from([1, 2, 3]).pipeThrough(map(n => n * 2))).then(all => console.log(all.join()))`
    await writeFile(user(file), `${load}\n${program}`)
    expect(await command('node', [file], user())).toBe('2,4,6\n')
  })

  test.each(['parallel.mjs', 'parallel.cjs'])(
    'runs a function in threads and in processes from %s',
    async file => {
      await writeFile(user('work.mjs'), 'export default n => n * 2')
      const esm = file.endsWith('.mjs')
      const program = `
      ${esm ? `import { from, Stage, toArray } from 'sluice'` : `const { from, Stage, toArray } = require('sluice')`}
      ${esm ? `import { parallel } from 'sluice/parallel'` : `const { parallel } = require('sluice/parallel')`}
      const work = ${esm ? `new URL('./work.mjs', import.meta.url)` : `require('node:path').join(__dirname, 'work.mjs')`}
      const run = async runtime => {
        const stage = parallel(work, { threads: 2, runtime })
        const all = await toArray(from([1, 2, 3]).pipeThrough(stage))
        console.log(runtime, all.join(), stage instanceof Stage)
      }
      run('threads').then(() => run('processes'))`
      await writeFile(user(file), program)
      expect(await command('node', [file], user())).toBe('threads 2,4,6 true\nprocesses 2,4,6 true\n')
    },
  )

  test('says what to do where the optional pool was left out', async () => {
    const pool = user('node_modules/tinypool')
    await rename(pool, `${pool}-away`)
    const program = `
      import { from, toArray } from 'sluice'
      import { parallel } from 'sluice/parallel'
      toArray(from([1]).pipeThrough(parallel(new URL('./work.mjs', import.meta.url)))).catch(error => console.log(error.message))`
    await writeFile(user('without.mjs'), program)
    expect(await command('node', ['without.mjs'], user())).toContain('npm install tinypool')
    await rename(`${pool}-away`, pool)
  })

  test.each([
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ])('has types for $moduleResolution resolution', async ({ module, moduleResolution }) => {
    const program = `import { from, map, toArray } from 'sluice'
      ${specifiers.map((specifier, i) => `import type * as entry${i} from '${specifier}'`).join('\n')}
      export type Entries = [${specifiers.map((_, i) => `typeof entry${i}`).join()}]
      export const good: Promise<string[]> = toArray(from([1, 2]).pipeThrough(map(n => n.toFixed())))
      // @ts-expect-error: it is a promise of strings
      export const bad: Promise<number[]> = toArray(from([1, 2]).pipeThrough(map(n => n.toFixed())))`
    await writeFile(user('program.mts'), program)
    await writeFile(user('program.cts'), program)
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    }
    await writeFile(
      user('tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['program.mts', 'program.cts'] }),
    )
    await command(bin('tsc'), ['-p', '.'], user())
  })

  test('passes publint', async () => {
    await command(bin('publint'), ['run', tarball, '--strict'], root)
  })

  // node16: the older resolution knows no `exports`, and TypeScript 6 has given it up.
  test('passes attw', async () => {
    await command(bin('attw'), [tarball, '--no-emoji', '--profile', 'node16'], root)
  })
})
