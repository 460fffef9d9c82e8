import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from '../../package/command.ts'
import { isInstalled } from '../../package/is-installed.ts'
import { accessible, fits } from './accessible.ts'
import { type Counts, check, counts, equal, ok } from './check.ts'
import { checkFiles } from './check-files.ts'
import { checkKeyboard } from './check-keyboard.ts'
import { checkPause } from './check-pause.ts'
import { checkWork } from './check-work.ts'
import { makeImages } from './images.ts'
import { example, openPage, servePage } from './open-page.ts'

const tools = fileURLToPath(new URL('..', import.meta.url))

/**
 * The page of examples/browser in a headless Chromium, under its own policy, as people use it. So many images go through the
 * run that is measured. Prints each check, and installs what it needs first, if it is missing.
 */
export async function checkExample(count: number): Promise<Counts> {
  for (const folder of [tools, example]) {
    if (!isInstalled(folder)) await command('npm', ['ci'], folder)
  }

  const folder = await mkdtemp(join(tmpdir(), 'sluice-images-'))
  const complaints: string[] = []
  const served = await servePage(report => complaints.push(`policy: ${report}`))
  try {
    const workshop = await openPage('about:blank', complaints)
    const images = await makeImages(workshop.page, folder, count)
    await workshop.close()
    const some = images.slice(0, 60)

    for (const [title, run] of [
      ['The page', (tab: Tab) => checkEmpty(tab, complaints)],
      ['At work', (tab: Tab) => checkWork(tab, images, folder)],
      ['Pause and cancel', (tab: Tab) => checkPause(tab, some)],
      ['Files in and out', (tab: Tab) => checkFiles(tab, some.slice(0, 12), folder)],
      ['By keyboard', checkKeyboard],
    ] as const) {
      console.log(title)
      const tab = await openPage(served.address, complaints)
      await run(tab).catch(error => check(title, () => Promise.reject(error)))
      complaints.push(...(await tab.page.evaluate('policyViolations')))
      await tab.close()
    }
    console.log('All through')
    await check('nothing met the policy, nothing was thrown, the console is empty', async () => {
      equal(complaints, [], 'complaints')
      return undefined
    })
  } finally {
    await served.close()
    await rm(folder, { recursive: true, force: true })
  }
  return counts()
}

type Tab = Awaited<ReturnType<typeof openPage>>

async function checkEmpty({ page }: Tab, complaints: string[]): Promise<void> {
  await check('compiles', () => command('npx', ['tsc', '-p', example], example).then(() => undefined))
  await check('is not isolated from other origins; what its policy forbids is noticed', async () => {
    equal(await page.evaluate('crossOriginIsolated'), false, 'isolated')
    const inlined = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.inlined = true'
      document.head.append(script)
      script.remove()
      return (window as { inlined?: boolean }).inlined
    })
    equal(inlined, undefined, 'an inline script')
    await page.waitForFunction(
      () => (window as unknown as { policyViolations: string[] }).policyViolations.length === 1,
    )
    await page.evaluate('policyViolations.length = 0')
    // On the console, and in a report to the server.
    while (complaints.length < 2) await page.evaluate(() => new Promise(requestAnimationFrame))
    for (const complaint of complaints.splice(0)) ok(complaint.includes('script-src'), complaint)
    return undefined
  })
  await check('before there are files', async () => {
    for (const width of [360, 768, 1440]) await fits(page, width)
    return accessible(page)
  })
}
