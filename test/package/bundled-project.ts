import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root } from './modules.ts'
import { recipes } from './recipes.ts'
import { tools } from './tools.ts'
import { type UserProject, userProject } from './user-project.ts'

/** How a person builds with a bundler, as the guide's page says. */
export interface Bundler {
  readonly name: string
  /** Commands, for the browser and for Node. */
  readonly page: string[]
  readonly server: string[]
  /** It follows `new URL('./work.ts', import.meta.url)`; the others leave it as it is. */
  readonly follows: boolean
  /** It reads TypeScript, if need be with a loader. */
  readonly typescript: boolean
  /** A command that bundles weigh.js into weighed/. */
  readonly weigh: string[]
}

const weighed = ['--config', 'weigh.config.js']

export const bundlers: Bundler[] = [
  {
    name: 'Vite',
    page: ['vite', 'build'],
    server: ['vite', 'build', '--config', 'vite.server.config.js'],
    follows: true,
    typescript: true,
    weigh: ['vite', 'build', ...weighed],
  },
  {
    name: 'webpack',
    page: ['webpack'],
    server: ['webpack', '--config', 'webpack.server.config.js'],
    follows: true,
    typescript: true,
    weigh: ['webpack', ...weighed],
  },
  {
    name: 'esbuild',
    page: ['node', 'esbuild.js'],
    server: ['node', 'esbuild.server.js'],
    follows: false,
    typescript: true,
    weigh: ['node', 'weigh.config.js'],
  },
  {
    name: 'Rollup',
    page: ['rollup', '--config'],
    server: ['rollup', '--config', 'rollup.server.config.js'],
    follows: false,
    typescript: false,
    weigh: ['rollup', ...weighed],
  },
]

/** What the guide has no need to show. */
const weighConfigs: Record<string, string> = {
  Vite: `export default {
    build: { outDir: 'weighed', target: 'es2022', modulePreload: false, rolldownOptions: { input: 'weigh.js' } },
  }`,
  webpack: `export default {
    mode: 'production', entry: './weigh.js', target: ['web', 'es2022'],
    output: { path: new URL('./weighed', import.meta.url).pathname, module: true }, experiments: { outputModule: true },
  }`,
  esbuild: `import { build } from 'esbuild'
    await build({ entryPoints: ['weigh.js'], outdir: 'weighed', bundle: true, minify: true, format: 'esm', target: 'es2022' })`,
  Rollup: `import resolve from '@rollup/plugin-node-resolve'
    import terser from '@rollup/plugin-terser'
    export default {
      input: 'weigh.js', output: { dir: 'weighed' },
      plugins: [resolve({ browser: true }), terser({ module: true, ecma: 2022 })],
    }`,
}

const config = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
  strict: true,
  rewriteRelativeImportExtensions: true,
}

/** A project with the files of the guide's page, as it says that they are with this bundler. */
export async function bundledProject(bundler: Bundler): Promise<UserProject> {
  const project = await userProject()
  const installed = { bundlers: await tools('bundlers'), browser: await tools('browser') }
  const packages: Record<string, string> = {
    vite: installed.browser,
    esbuild: join(root, 'node_modules'),
    'ts-loader': installed.bundlers,
    webpack: installed.bundlers,
    rollup: installed.bundlers,
    '@rollup/plugin-node-resolve': installed.bundlers,
    '@rollup/plugin-terser': installed.bundlers,
  }
  for (const [name, folder] of Object.entries(packages)) {
    const link = project.path('node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(folder, name), link)
  }
  for (const [file, code] of Object.entries(recipes('use-web-workers.md'))) {
    const addressed =
      bundler.follows && file !== 'src/server.ts' ? code : code.replace(`'./work.ts', i`, `'./work.js', i`)
    if (bundler.typescript || !file.endsWith('.ts')) await project.write(file, addressed)
    else await project.write(file.replace(/\.ts$/, '.js'), javascript(addressed))
  }
  await project.write('tsconfig.json', JSON.stringify({ compilerOptions: config, include: ['src'] }))
  const page = (script: string): string =>
    `<!doctype html><title>sluice</title><script type="module" src="${script}"></script>`
  if (bundler.name === 'Vite') await project.write('index.html', page('./src/main.ts'))
  else await project.write('dist/index.html', page('./main.js'))
  await project.write(
    'weigh.js',
    `import { from, map, sink } from 'sluice'\nglobalThis.all = { from, map, sink }`,
  )
  await project.write('weigh.config.js', weighConfigs[bundler.name] as string)
  return project
}

/** Runs a bundler's command. */
export async function bundle(project: UserProject, [name, ...args]: string[]): Promise<void> {
  if (name === 'node') await project.run(process.execPath, ...args)
  else {
    const folder = name === 'vite' ? await tools('browser') : await tools('bundlers')
    await project.run(join(folder, '.bin', name as string), ...args)
  }
}

function javascript(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText
}
