import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bench, built } from './paths.ts'
import type { Scenario } from './scenario.ts'

export interface BuiltScenario extends Scenario {
  readonly name: string
  readonly url: string
}

export interface Built {
  /** The script that a measuring process runs. */
  readonly child: string
  readonly scenarios: readonly BuiltScenario[]
}

/**
 * Builds the scenarios against the library in `dist`. Measured code is built ahead, since loaders that compile on
 * the fly wrap every function to keep its name; and the library stays the file that its users get.
 */
export async function buildScenarios(folder: string, dist: string): Promise<Built> {
  const outdir = join(built, folder)
  const files = (await readdir(join(bench, 'scenarios'))).filter(file => file.endsWith('.ts')).sort()
  await build({
    entryPoints: [join(bench, 'harness/child.ts'), ...files.map(file => join(bench, 'scenarios', file))],
    outdir,
    outbase: bench,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    packages: 'external',
    define: { SLUICE_DIST: JSON.stringify(dist), BENCH_FOLDER: JSON.stringify(bench) },
    plugins: [
      {
        name: 'sluice is the built one',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^sluice(\/|$)/ }, ({ path }) => ({
            path: pathToFileURL(join(dist, `${path.slice('sluice/'.length) || 'index'}.js`)).href,
            external: true,
          })),
      },
    ],
    logLevel: 'warning',
  })
  const scenarios = await Promise.all(
    files.map(async file => {
      const name = basename(file, '.ts')
      const url = pathToFileURL(join(outdir, 'scenarios', `${name}.js`)).href
      const { default: scenario } = (await import(url)) as { default: Scenario }
      return { ...scenario, name, url }
    }),
  )
  return { child: join(outdir, 'harness/child.js'), scenarios }
}
