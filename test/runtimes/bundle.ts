import { readdirSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Metafile, type Plugin } from 'esbuild'
import { outside } from '../../vitest.config.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** One test file, as a realm loads it. */
export interface BundledTest {
  /** Its path in the repository. */
  readonly file: string
  /** The file of its module, in the bundle's folder. */
  readonly module: string
  /** What it, or a tool of it, imports that only a server runtime has. */
  readonly builtin: string | undefined
}

export interface Bundle {
  readonly folder: string
  readonly tests: readonly BundledTest[]
}

/** Every behaviour test: what vitest's own project `native` takes. */
export function behaviourTests(): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map(path => `test/${path.replaceAll('\\', '/')}`)
    .filter(path => path.endsWith('.test.ts') && !path.includes('/node_modules/'))
    .filter(path => !outside.some(folder => path.startsWith(`test/${folder}/`)))
    .sort()
}

/**
 * The test files as modules that a runtime can load without anything that transforms TypeScript, each with what runs it.
 * The library in them is its source, as in vitest, because the tests reach into it.
 */
export async function bundle(kind: 'server' | 'browser', files: readonly string[]): Promise<Bundle> {
  const folder = fileURLToPath(new URL(`.build/${kind}`, import.meta.url))
  await rm(folder, { recursive: true, force: true })
  const server = kind === 'server'
  const entries = server ? ['realm/process.ts'] : ['realm/host.ts', 'realm/guest.ts']
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...files, ...entries.map(entry => `test/runtimes/${entry}`)],
    outdir: folder,
    outbase: root,
    entryNames: '[dir]/[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    target: 'es2022',
    platform: server ? 'node' : 'browser',
    sourcemap: 'linked',
    sourcesContent: false,
    keepNames: true,
    metafile: true,
    logLevel: 'error',
    banner: server
      ? {
          js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
        }
      : {},
    external: [
      'node:*',
      ...builtinModules,
      'tinypool',
      'classic-level',
      'memory-level',
      'esbuild',
      'tsup',
      'tsx',
      'typescript',
    ],
    plugins: [sources(kind)],
  })
  const tests = files.map(file => ({
    file,
    module: file.replace(/\.ts$/, '.mjs'),
    builtin: builtinOf(file, metafile),
  }))
  return { folder, tests }
}

/** Finds the library's source by its name, and tells each file of ours where it was. */
function sources(kind: 'server' | 'browser'): Plugin {
  return {
    name: 'sources',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^sluice(\/|$)/ }, ({ path }) => {
        const entry = path === 'sluice' ? 'index' : path.slice('sluice/'.length)
        const browser = kind === 'browser' && entry === 'parallel'
        return { path: join(root, `src/${entry}${browser ? '.browser' : ''}.ts`) }
      })
      onLoad({ filter: /\/(src|test)\/.*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        if (path.includes('/node_modules/') || !text.includes('import.meta.url')) return undefined
        const address =
          kind === 'server'
            ? JSON.stringify(pathToFileURL(path).href)
            : `new URL(${JSON.stringify(`/${path.slice(root.length)}`)}, location.origin).href`
        return { contents: text.replaceAll('import.meta.url', address), loader: 'ts' }
      })
    },
  }
}

/** The first external module that a file reaches by its imports. */
function builtinOf(file: string, { inputs }: Metafile): string | undefined {
  const seen = new Set<string>()
  const walk = (path: string): string | undefined => {
    if (seen.has(path) || path.startsWith('node_modules/')) return undefined
    seen.add(path)
    for (const { path: imported, external } of inputs[path]?.imports ?? []) {
      const found = !external ? walk(imported) : imported === '<runtime>' ? undefined : imported
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(file)
}
