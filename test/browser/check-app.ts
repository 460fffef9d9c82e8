import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { command } from '../package/command.ts'
import { isInstalled } from '../package/is-installed.ts'
import { Row } from '../runtimes/row.ts'
import type { CheckResult } from './app/check.ts'
import { openBrowser } from './browser.ts'
import { bundleWithEsbuild, bundleWithVite } from './bundle.ts'
import { serve } from './serve.ts'
import { userProject } from './user-project.ts'
import { weighBundles } from './weigh.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
/** For the checks of one page. */
const PAGE_LIMIT = 4 * 60_000

/**
 * The library, packed, in a page that Vite (or esbuild) has bundled, in a headless Chromium, under a strict Content
 * Security Policy, with and without shared memory. Installs the bundler and the browser first if they are missing.
 *
 * @param only Checks whose names have it.
 */
export async function checkApp(only: string): Promise<Row> {
  const row = new Row('chromium, in a built page')
  const start = performance.now()
  if (!isInstalled(here)) await command('npm', ['ci'], here)
  const project = await userProject()
  const print = ({ name, ok, info, ms }: CheckResult): void => {
    if (ok) row.passed++
    else row.failed++
    const [first = '', ...rest] = info.split('\n')
    console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${String(ms).padStart(6)} ms  ${name}${first && `: ${first}`}`)
    for (const line of rest) console.log(`                     ${line}`)
  }
  const page = async (title: string, folder: string, isolated: boolean, patient = false): Promise<void> => {
    console.log(title)
    row.version =
      (await onPage(
        folder,
        isolated,
        `?only=${encodeURIComponent(only)}${patient ? '&patient' : ''}`,
        print,
      )) || row.version
  }
  try {
    console.log('The worker file of the page in threads of Node')
    const begun = performance.now()
    const ran = await onNode(project).then(
      info => ({ ok: true, info }),
      error => ({ ok: false, info: String(error) }),
    )
    print({ name: 'parallel(new URL(…))', ms: Math.round(performance.now() - begun), ...ran })

    console.log('Bundles for browsers, in bytes')
    for (const { name, minified, brotli, strangers } of await weighBundles(project)) {
      if (strangers.length > 0) row.faults.push(`${name} has ${[...new Set(strangers)].join(', ')}`)
      console.log(`  ${name.padEnd(36)} ${minified} minified, ${brotli} with brotli`)
    }

    const vite = await bundleWithVite(project)
    // What takes half a minute of waiting is the same in all of them: once is enough.
    await page('Vite, without COOP and COEP', vite, false, true)
    await page('Vite, with COOP and COEP', vite, true)
    await page('esbuild, without COOP and COEP', await bundleWithEsbuild(project), false)
  } finally {
    await rm(join(project, '..'), { recursive: true, force: true })
  }
  row.seconds = (performance.now() - start) / 1000
  return row
}

async function onNode(project: string): Promise<string> {
  await esbuild.build({
    entryPoints: [join(project, 'app/workers/work.ts')],
    outfile: join(project, 'work.js'),
    format: 'esm',
  })
  await cp(join(here, 'node-worker.js'), join(project, 'node-worker.js'))
  return (await command('timeout', ['60', process.execPath, 'node-worker.js'], project)).trim()
}

/** Gives the browser's version. */
async function onPage(
  folder: string,
  isolated: boolean,
  query: string,
  print: (result: CheckResult) => void,
): Promise<string> {
  const served = await serve(folder, { isolated })
  const tab = await openBrowser()
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await tab.open(served.address + query)
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
  return tab.version
}
