import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { loadTool } from './load-tool.ts'

/** Bundles the app of a project with Vite; gives the folder to serve. */
export async function bundleWithVite(project: string): Promise<string> {
  const { build } = await loadTool('vite')
  const outDir = join(project, 'vite')
  await build({ root: join(project, 'app'), logLevel: 'warn', build: { outDir, emptyOutDir: true } })
  return outDir
}

/** The same with esbuild, which leaves `new URL('./x.ts', import.meta.url)` to us: workers are entries of their own. */
export async function bundleWithEsbuild(project: string): Promise<string> {
  const app = join(project, 'app')
  const out = join(project, 'esbuild')
  await mkdir(out)
  const workers = (await readdir(join(app, 'workers'))).map(name => join(app, 'workers', name))
  await esbuild.build({
    entryPoints: [join(app, 'main.ts'), ...workers],
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minify: true,
    keepNames: true,
    chunkNames: 'assets/[name]-[hash]',
    plugins: [
      {
        name: 'addresses of workers',
        setup({ onLoad }) {
          onLoad({ filter: /\/app\/[^/]+\.ts$/ }, async ({ path }) => ({
            contents: (await readFile(path, 'utf8')).replace(
              /(new URL\('\.\/workers\/[^']+)\.ts'/g,
              (_, head) => `${head}.js'`,
            ),
            loader: 'ts',
          }))
        },
      },
    ],
  })
  await cp(join(app, 'index.html'), join(out, 'index.html'))
  const page = await readFile(join(out, 'index.html'), 'utf8')
  await writeFile(join(out, 'index.html'), page.replace('main.ts', 'main.js'))
  return out
}
