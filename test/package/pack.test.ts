import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ENGINE_PROPERTIES } from '../../tsup.config.ts'
import { entries } from './entries.ts'
import { root } from './modules.ts'
import { type UserProject, userProject } from './user-project.ts'

const { files } = inject('library')
let user: UserProject

beforeAll(async () => {
  user = await userProject()
})

afterAll(() => user.remove())

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
      const map = JSON.parse(await readFile(user.path('node_modules/sluice', path), 'utf8')) as {
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
      expect(await readFile(user.path('node_modules/sluice', path), 'utf8')).not.toContain(root)
    }
  })

  test('shortens no property of a public type', async () => {
    const dist = user.path('node_modules/sluice/dist')
    const types = (await readdir(dist)).filter(name => name.endsWith('.d.ts'))
    const texts = await Promise.all(types.map(name => readFile(join(dist, name), 'utf8')))
    const code = texts.join('\n').replace(/\/\*[\s\S]*?\*\//g, '')
    const members = new Set([...code.matchAll(/([a-zA-Z_]\w*)\??(?=[:(<])/g)].map(match => match[1]))
    for (const name of ['onDrop', 'trySend', 'pipeTo', 'highWaterMark']) expect(members).toContain(name)
    expect(ENGINE_PROPERTIES.filter(name => members.has(name))).toEqual([])
  })

  test('installs nothing else but the optional pool', async () => {
    const lock = JSON.parse(await readFile(user.path('package-lock.json'), 'utf8')) as { packages: object }
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/sluice', 'node_modules/tinypool'])
  })

  test.each(entries)('gives ESM and CJS the same names from %s', async specifier => {
    const print = 'console.log(JSON.stringify(Object.keys(exports).sort()))'
    await user.write('esm.mjs', `import * as exports from '${specifier}'\n${print}`)
    await user.write(
      'cjs.cjs',
      `const exports_ = require('${specifier}')\n${print.replace('exports', 'exports_')}`,
    )
    const esm = JSON.parse(await user.run('node', 'esm.mjs')) as string[]
    const cjs = JSON.parse(await user.run('node', 'cjs.cjs')) as string[]
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
    await user.write(file, `${load}\n${program}`)
    expect(await user.run('node', file)).toBe('2,4,6\n')
  })

  test.each(['parallel.mjs', 'parallel.cjs'])(
    'runs a function in threads and in processes from %s',
    async file => {
      await user.write('work.mjs', 'export default n => n * 2')
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
      await user.write(file, program)
      expect(await user.run('node', file)).toBe('threads 2,4,6 true\nprocesses 2,4,6 true\n')
    },
  )

  test('says what to do where the optional pool was left out', async () => {
    const pool = user.path('node_modules/tinypool')
    await rename(pool, `${pool}-away`)
    const program = `
      import { from, toArray } from 'sluice'
      import { parallel } from 'sluice/parallel'
      toArray(from([1]).pipeThrough(parallel(new URL('./work.mjs', import.meta.url)))).catch(error => console.log(error.message))`
    await user.write('without.mjs', program)
    expect(await user.run('node', 'without.mjs')).toContain('npm install tinypool')
    await rename(`${pool}-away`, pool)
  })
})
