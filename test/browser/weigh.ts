import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import { loadTool } from './load-tool.ts'

/** A bundle of one import, as a browser would get it. */
export interface Weight {
  readonly name: string
  readonly minified: number
  readonly brotli: number
  /** What has no business in a browser, if any. */
  readonly strangers: readonly string[]
}

const PROGRAMS = {
  'parallel, from, toArray': `import { from, toArray } from 'sluice'
    import { parallel } from 'sluice/parallel'
    globalThis.run = (items, make) => toArray(from(items).pipeThrough(parallel(make)))`,
  'from, toArray': `import { from, toArray } from 'sluice'
    globalThis.run = items => toArray(from(items))`,
  expose: `import { expose } from 'sluice/worker'
    expose({ double: n => n * 2 })`,
}

/** Weighs programs of the library, bundled for browsers by esbuild and by Vite. */
export async function weighBundles(project: string): Promise<Weight[]> {
  const weights: Weight[] = []
  for (const [name, program] of Object.entries(PROGRAMS)) {
    for (const [bundler, bundle] of [
      ['esbuild', withEsbuild],
      ['Vite', withVite],
    ] as const) {
      const text = await bundle(project, program)
      weights.push({
        name: `${name} (${bundler})`,
        minified: text.length,
        brotli: brotliCompressSync(text).length,
        strangers:
          text.match(
            /tinypool|\bimport\s*["'{*]|["']node:[a-z_/]+|worker_threads|child_process|vite-browser-external/g,
          ) ?? [],
      })
    }
  }
  return weights
}

async function withEsbuild(project: string, contents: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
  })
  return outputFiles.map(file => file.text).join('\n')
}

async function withVite(project: string, contents: string): Promise<string> {
  const { build } = await loadTool('vite')
  const entry = join(project, 'weighed.js')
  const { output } = await build({
    root: project,
    configFile: false,
    logLevel: 'warn',
    build: { target: 'es2022', write: false, modulePreload: false, rolldownOptions: { input: entry } },
    plugins: [
      {
        name: 'program',
        resolveId: (id: string) => (id === entry ? entry : null),
        load: (id: string) => (id === entry ? contents : null),
      },
    ],
  })
  return (output as { code?: string }[]).map(chunk => chunk.code ?? '').join('\n')
}
