/**
 * `npm run test:browser [-- text]`: the library, packed, in a page that Vite (or esbuild) has bundled, in a headless
 * Chromium, under a strict Content Security Policy, with and without shared memory. With a text, the checks whose names
 * have it. Installs the bundler and the browser first if they are missing.
 */
import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { command } from '../package/command.ts'
import type { CheckResult } from './app/check.ts'
import { openBrowser } from './browser.ts'
import { bundleWithEsbuild, bundleWithVite } from './bundle.ts'
import { serve } from './serve.ts'
import { userProject } from './user-project.ts'
import { weighBundles } from './weigh.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const only = process.argv[2] ?? ''
/** For all of it: something hangs that has no limit of its own. */
const LIMIT = 15 * 60_000
/** For the checks of one page. */
const PAGE_LIMIT = 4 * 60_000

setTimeout(() => {
  console.error(`not over after ${LIMIT / 60_000} minutes`)
  process.exit(1)
}, LIMIT).unref()

if (!existsSync(join(here, 'node_modules'))) await command('npm', ['ci'], here)

let failures = 0
function print({ name, ok, info, ms }: CheckResult): void {
  if (!ok) failures++
  const [first = '', ...rest] = info.split('\n')
  console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${String(ms).padStart(6)} ms  ${name}${first && `: ${first}`}`)
  for (const line of rest) console.log(`                     ${line}`)
}

const project = await userProject()
try {
  console.log('The worker file of the page in threads of Node')
  const start = performance.now()
  const ran = await onNode().then(
    info => ({ ok: true, info }),
    error => ({ ok: false, info: String(error) }),
  )
  print({ name: 'parallel(new URL(…))', ms: Math.round(performance.now() - start), ...ran })

  console.log('Bundles for browsers, in bytes')
  for (const { name, minified, brotli, strangers } of await weighBundles(project)) {
    if (strangers.length > 0) failures++
    const found = strangers.length > 0 ? `  FAILED: ${[...new Set(strangers)].join(', ')}` : ''
    console.log(`  ${name.padEnd(36)} ${minified} minified, ${brotli} with brotli${found}`)
  }

  const vite = await bundleWithVite(project)
  await onPage('Vite, without COOP and COEP', vite, false)
  await onPage('Vite, with COOP and COEP', vite, true)
  await onPage('esbuild, without COOP and COEP', await bundleWithEsbuild(project), false)
} finally {
  await rm(join(project, '..'), { recursive: true, force: true })
}
console.log(failures === 0 ? 'All is well.' : `${failures} failed.`)
process.exitCode = failures === 0 ? 0 : 1

async function onNode(): Promise<string> {
  await esbuild.build({
    entryPoints: [join(project, 'app/workers/work.ts')],
    outfile: join(project, 'work.js'),
    format: 'esm',
  })
  await cp(join(here, 'node-worker.js'), join(project, 'node-worker.js'))
  return (await command('timeout', ['60', process.execPath, 'node-worker.js'], project)).trim()
}

async function onPage(title: string, folder: string, isolated: boolean): Promise<void> {
  console.log(title)
  const served = await serve(folder, { isolated })
  const tab = await openBrowser()
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await tab.open(`${served.address}?only=${encodeURIComponent(only)}`)
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it has not reported, or its workers live on')), PAGE_LIMIT)
    })
    const { results } = await Promise.race([served.report, tab.crashed, limit])
    for (const result of results) print(result)
    await Promise.race([tab.workersGone(), limit])
  } catch (error) {
    print({ name: 'the page', ok: false, info: [String(error), ...tab.console].join('\n'), ms: 0 })
  } finally {
    clearTimeout(timer)
    served.close()
    await tab.close()
  }
}
