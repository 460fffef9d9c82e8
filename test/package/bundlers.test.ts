import { readdir, readFile, rm } from 'node:fs/promises'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type Tab } from '../browser/browser.ts'
import { serve } from '../browser/serve.ts'
import { budgets } from './budgets.ts'
import { type Bundler, bundle, bundledProject, bundlers } from './bundled-project.ts'
import { tools } from './tools.ts'
import { type UserProject, userProject } from './user-project.ts'
import { viteDev } from './vite-dev.ts'

let tab: Tab

beforeAll(async () => {
  await tools('browser')
  tab = await openBrowser()
})

afterAll(() => tab.close())

/** What the page at an address reports from Chromium. */
async function reported({
  address,
  report,
}: {
  address: string
  report: Promise<unknown>
}): Promise<unknown> {
  const before = tab.console.length
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no report; ${tab.console.slice(before).join('\n')}`)), 60_000)
  })
  try {
    await tab.open(address)
    return await Promise.race([report, tab.crashed, silence])
  } finally {
    clearTimeout(timer)
  }
}

describe.each(bundlers)('$name, set up as the guide says', bundler => {
  let project: UserProject

  beforeAll(async () => {
    project = await bundledProject(bundler)
  })

  afterAll(() => project.remove())

  test('bundles a page whose workers work, under a strict policy', async () => {
    await bundle(project, bundler.page)
    const served = await serve(project.path('dist'), { isolated: false })
    try {
      expect(await reported(served)).toEqual([2, 4, 6])
    } finally {
      served.close()
    }
    const scripts = await readdir(project.path('dist'), { recursive: true })
    const texts = scripts
      .filter(file => file.endsWith('.js'))
      .map(file => readFile(project.path('dist', file), 'utf8'))
    expect((await Promise.all(texts)).join()).not.toMatch(/tinypool|["']node:|worker_threads/)
  })

  test('bundles a server whose workers work', async () => {
    await bundle(project, bundler.server)
    expect(await project.run(process.execPath, 'server/server.js')).toBe('[ 2, 4, 6 ]\n')
  })

  test('leaves out of { from, map, sink } what they do not need', async () => {
    await bundle(project, bundler.weigh)
    const files = await readdir(project.path('weighed'), { recursive: true, withFileTypes: true })
    const scripts = files.filter(file => file.isFile() && /\.m?js$/.test(file.name))
    expect(scripts.length).toBe(1)
    const [{ parentPath, name } = { parentPath: '', name: '' }] = scripts
    const bytes = brotliCompressSync(await readFile(`${parentPath}/${name}`)).length
    console.info(`${bundler.name}: { from, map, sink } => ${bytes} bytes`)
    expect(bytes).toBeGreaterThan(1_000)
    expect(bytes).toBeLessThanOrEqual(budgets.fromMapSink * budgets.otherBundlers)
  })
})

test('workers work in the development server of Vite, without a setting', async () => {
  const project = await bundledProject(bundlers.find(({ name }) => name === 'Vite') as Bundler)
  await rm(project.path('vite.config.js'))
  const development = await viteDev(project.folder)
  try {
    expect(await reported(development)).toEqual([2, 4, 6])
  } finally {
    await development.close()
    await project.remove()
  }
})

describe('a server with the library in its bundle', () => {
  let project: UserProject

  beforeAll(async () => {
    project = await userProject({
      'work.mjs': 'export default n => n * 2',
      'main.js': `
        import { from, toArray } from 'sluice'
        import { parallel } from 'sluice/parallel'
        const stage = parallel(process.cwd() + '/work.mjs')
        toArray(from([1]).pipeThrough(stage)).catch(error => console.log(error.message))`,
    })
  })

  afterAll(() => project.remove())

  test.each(['esm', 'cjs'] as const)('is told what to do (%s)', async format => {
    const outfile = project.path(format === 'esm' ? 'out.mjs' : 'out.cjs')
    const entryPoints = [project.path('main.js')]
    await build({ entryPoints, outfile, format, bundle: true, platform: 'node', logLevel: 'silent' })
    expect(await project.run(process.execPath, outfile)).toBe(
      'parallel: sluice has been bundled without the file that its workers begin with. Keep sluice and tinypool out of bundles for servers (external), in node_modules\n',
    )
  })
})
