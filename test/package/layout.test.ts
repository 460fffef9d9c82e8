import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ENGINE_PROPERTIES } from '../../tsup.config.ts'
import { type Edge, parseModule, reachable, readModules, root, runtimeCycles } from './modules.ts'
import { foreignUses } from './property-uses.ts'

interface Target {
  types: string
  default: string
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { browser?: Target; import: Target; require: Target }>
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional: boolean }>
}
const modules = readModules()
const entries = Object.entries(manifest.exports)
  .filter(([key]) => key !== './package.json')
  .flatMap(([key, target]) => {
    const name = key === '.' ? 'index' : key.slice(2)
    const forBrowsers = typeof target === 'object' && target.browser !== undefined
    return [`${name}.ts`, ...(forBrowsers ? [`${name}.browser.ts`] : [])]
  })

/** src/*.ts files that are no entry. */
const nouns = ['flow.ts', 'stage.ts', 'fused-stage.ts', 'strategy.ts', 'errors.ts']

/** The only imports between two files of sources/, stages/ and sinks/: operators made of other operators. */
const compositions: Record<string, string[]> = {
  'stages/parallel/parallel-node.ts': ['stages/parallel/parallel-on.ts'],
  'stages/parallel/parallel-web.ts': ['stages/parallel/parallel-on.ts'],
}

/** What may import a file that is only known when it runs: the user's worker module. */
const loaders = ['executors/node/load-module.ts', 'executors/web-platform.ts']

/** Lower numbers know nothing of higher ones. Errors and strategies are vocabulary: the engine speaks it too. */
function layer(path: string): number {
  if (path.startsWith('internal/')) return 0
  if (path === 'errors.ts' || path === 'strategy.ts') return 1
  if (path.startsWith('engine/') || path.startsWith('policies/') || path.startsWith('executors/')) return 2
  if (nouns.includes(path)) return 3
  if (isOperator(path) || path.startsWith('explain/')) return 4
  if (entries.includes(path)) return 5
  throw new Error(`src/${path} has no place in the layout: see CONTRIBUTING.md`)
}

function isOperator(path: string): boolean {
  return /^(sources|stages|sinks)\//.test(path)
}

/** Everything that an entry reaches outside of src. */
function outsideOf(entry: string): string[] {
  return [...reachable(modules, entry, () => true).values()].flatMap(({ path, edges }) =>
    edges.filter(edge => !edge.relative).map(edge => `${path} imports ${edge.to}`),
  )
}

function imports(accept: (edge: Edge) => boolean): [from: string, to: string][] {
  return [...modules.values()].flatMap(module =>
    module.edges.filter(accept).map(edge => [module.path, edge.to] as [string, string]),
  )
}

const ours = imports(edge => edge.relative)
const oursAtRunTime = imports(edge => edge.relative && !edge.typeOnly)

describe('src', () => {
  test('is not empty', () => {
    expect(modules.size).toBeGreaterThan(5)
    expect(oursAtRunTime.length).toBeGreaterThan(5)
  })

  test('imports only files that exist, with their extension', () => {
    expect(ours.filter(([, to]) => !modules.has(to))).toEqual([])
  })

  test('has a layer for every file', () => {
    for (const path of modules.keys()) expect(() => layer(path)).not.toThrow()
  })

  test('never imports upward at run time', () => {
    expect(oursAtRunTime.filter(([from, to]) => layer(to) > layer(from))).toEqual([])
  })

  test('takes nothing but types of the nouns from a higher layer', () => {
    const upward = ours.filter(([from, to]) => layer(to) > layer(from))
    expect(upward.filter(([, to]) => !nouns.includes(to))).toEqual([])
  })

  test('has no entry that imports another entry at run time', () => {
    expect(oursAtRunTime.filter(([from, to]) => entries.includes(from) && entries.includes(to))).toEqual([])
  })

  test('has no import from one operator to another, save the listed compositions', () => {
    const between = oursAtRunTime.filter(([from, to]) => isOperator(from) && isOperator(to))
    expect(between.filter(([from, to]) => !compositions[from]?.includes(to))).toEqual([])
    const listed = Object.entries(compositions).flatMap(([from, all]) => all.map(to => [from, to]))
    expect(between).toEqual(expect.arrayContaining(listed))
  })

  test('has no import cycle at run time', () => {
    expect(runtimeCycles(modules)).toEqual([])
  })

  test('re-exports only from the entries', () => {
    const barrels = imports(edge => edge.reExport).filter(([from]) => !entries.includes(from))
    expect(barrels).toEqual([])
  })

  test('has no file above 400 lines that a person writes', () => {
    const long = [...modules.values()]
      .filter(({ text }) => !text.includes('// Written by `npm run '))
      .map(({ path, text }) => `${path}: ${text.trimEnd().split('\n').length}`)
      .filter(line => Number(line.split(': ')[1]) > 400)
    expect(long).toEqual([])
  })

  test('makes no code from text', () => {
    const made = [...modules.values()].filter(({ dynamicCode }) => dynamicCode.length > 0)
    expect(made.map(({ path }) => path).toSorted()).toEqual(loaders)
    expect(
      made.flatMap(({ dynamicCode }) => dynamicCode).filter(code => !code.startsWith('import(')),
    ).toEqual([])
  })
})

describe('the names that the build shortens', () => {
  test('are used for our own objects alone, and never as strings', () => {
    expect(foreignUses(new Set(ENGINE_PROPERTIES))).toEqual(new Map())
  })

  test.each([
    ['a method of the platform', 'releaseLock'],
    ['a method that the platform calls', 'pull'],
    ['a key that is looked up', 'cancelled'],
    ['a key that is looked for', 'step'],
    ['a field of a message', 'serial'],
  ])('are none of others: %s', (_, name) => {
    expect(foreignUses(new Set([name])).has(name)).toBe(true)
  })
})

describe('package.json', () => {
  test('has exports that are 1:1 with the files at src/*.ts, nouns aside', () => {
    const top = [...modules.keys()].filter(path => !path.includes('/') && !nouns.includes(path))
    expect(entries.toSorted()).toEqual(top.toSorted())
    for (const [key, target] of Object.entries(manifest.exports)) {
      if (typeof target === 'string') continue
      const name = key === '.' ? 'index' : key.slice(2)
      const { browser, ...others } = target
      if (browser) {
        expect(browser).toEqual({
          types: `./dist/${name}.browser.d.ts`,
          default: `./dist/${name}.browser.js`,
        })
        // The first condition that holds is taken.
        expect(Object.keys(target)[0]).toBe('browser')
      }
      expect(others).toEqual({
        import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
        require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
      })
    }
  })

  test('has no dependency but the pool, which nobody has to install', () => {
    expect(manifest.dependencies ?? {}).toEqual({})
    expect(Object.keys(manifest.optionalDependencies ?? {})).toEqual(['tinypool'])
  })

  test('has no peer but the parser of CSV, which is fetched by those who want it', () => {
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(['papaparse'])
    expect(manifest.peerDependenciesMeta).toEqual({ papaparse: { optional: true } })
  })

  test.each(['parallel.browser.ts', 'worker.ts'])(
    'has an entry %s that reaches no package and nothing of Node',
    entry => {
      expect(outsideOf(entry)).toEqual([])
    },
  )

  test('has a root entry that reaches no package and nothing of Node', () => {
    const root = reachable(modules, 'index.ts', () => true)
    expect(root.size).toBeGreaterThan(5)
    expect(outsideOf('index.ts')).toEqual([])
  })
})

describe('these checks', () => {
  test('see every kind of import', () => {
    const { edges } = parseModule(
      'stages/map.ts',
      `import type { A } from '../a.ts'
       import { b, type B } from '../b.ts'
       export { c } from './c.ts'
       export type * from './d.ts'
       type E = import('../e.ts').E
       const f = () => import('node:fs')`,
    )
    expect(edges).toEqual([
      { to: 'a.ts', relative: true, typeOnly: true, reExport: false },
      { to: 'b.ts', relative: true, typeOnly: false, reExport: false },
      { to: 'stages/c.ts', relative: true, typeOnly: false, reExport: true },
      { to: 'stages/d.ts', relative: true, typeOnly: true, reExport: true },
      { to: 'e.ts', relative: true, typeOnly: true, reExport: false },
      { to: 'node:fs', relative: false, typeOnly: false, reExport: false },
    ])
  })

  test('see a cycle, and not one made of types', () => {
    const cycle = (kind: string) =>
      new Map([
        ['a.ts', parseModule('a.ts', `import { b } from './b.ts'`)],
        ['b.ts', parseModule('b.ts', `import ${kind} { c } from './c.ts'`)],
        ['c.ts', parseModule('c.ts', `import { a } from './a.ts'`)],
      ])
    expect(runtimeCycles(cycle(''))).toEqual(['a.ts > b.ts > c.ts > a.ts'])
    expect(runtimeCycles(cycle('type'))).toEqual([])
  })

  test('see code made from text', () => {
    const { dynamicCode } = parseModule(
      'a.ts',
      `eval('1'); new Function('x', 'y'); Function('z'); import(name); new Functional(); medieval('1')`,
    )
    expect(dynamicCode).toEqual([`eval('1')`, `new Function('x', 'y')`, `Function('z')`, 'import(name)'])
  })
})
