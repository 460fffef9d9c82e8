import { readFile } from 'node:fs/promises'
import { check, equal, ok } from './check.ts'
import { reaches } from './figures.ts'
import type { OpenPage, Page } from './open-page.ts'

/** What the focus comes to, in this order. */
const BEFORE = [
  'pick-files',
  'pick-folder',
  'sample-count',
  'make-samples',
  'kind',
  'edge',
  'workers',
  'go',
  'cancel',
]
const AFTER = [...BEFORE.slice(0, 4), 'clear', ...BEFORE.slice(4), 'save-zip', 'save-checksums']

/** The whole of it without a pointer: samples, job, pause, save. */
export async function checkKeyboard({ page }: OpenPage): Promise<void> {
  await check('the focus goes through the page in order, and is seen', async () => {
    equal((await stops(page)).slice(0, BEFORE.length), BEFORE, 'stops')
    return undefined
  })

  await check('samples, job, pause, save: by keys alone', async () => {
    await goTo(page, 'sample-count')
    await page.keyboard.press('Home')
    await goTo(page, 'make-samples')
    await page.keyboard.press('Enter')
    await reaches(page, 'Ready')
    equal((await page.textContent('#chosen'))?.split(',')[0], '24 files', 'chosen')
    equal(await focus(page), 'make-samples', 'focus after the samples')
    await goTo(page, 'kind')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    equal(await page.inputValue('input[name=kind]:checked'), 'both', 'job')
    await goTo(page, 'go')
    await page.keyboard.press('Enter')
    await reaches(page, 'Running')
    await page.keyboard.press('Space')
    await reaches(page, 'Paused')
    equal(await focus(page), 'go', 'focus while paused')
    equal(await page.textContent('#go'), 'Go on', 'name of the button')
    await page.keyboard.press('Space')
    await reaches(page, 'Done')
    equal(await focus(page), 'go', 'focus at the end')
    equal((await stops(page)).slice(0, AFTER.length), AFTER, 'stops at the end')
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }))
    await goTo(page, 'save-checksums')
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    equal(lines.length, 24, 'checksums')
    equal(new Set(lines.map(line => line.slice(0, 64))).size, 24, 'different checksums')
    return `${lines.length} samples`
  })

  await check('samples can be cancelled, by keys', async () => {
    await goTo(page, 'make-samples')
    await page.keyboard.press('Enter')
    await goTo(page, 'cancel')
    await page.keyboard.press('Enter')
    await reaches(page, 'Done')
    await page.waitForFunction(() => document.getElementById('announcer')?.textContent === 'Cancelled.')
    while (page.workers().length > 0) await page.workers()[0].waitForEvent('close')
    equal((await page.textContent('#chosen'))?.split(',')[0], '24 files', 'chosen')
    return undefined
  })

  await check('nothing moves by itself for those who asked for it', async () => {
    const animation = () =>
      page.evaluate(() => {
        const state = document.getElementById('state') as HTMLElement
        const before = state.dataset.state
        state.dataset.state = 'running'
        const { animationName } = getComputedStyle(state, '::before')
        state.dataset.state = before
        return animationName
      })
    equal(await animation(), 'breathe', 'animation')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    equal(await animation(), 'none', 'animation')
    await page.emulateMedia({ reducedMotion: null })
    return undefined
  })
}

/** The id of what has the focus; of a radio button its name. */
const focus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLInputElement
    return at.id || at.name || at.tagName
  })

/** Everything the focus comes to from the top of the page on; throws where it is not seen. */
async function stops(page: Page): Promise<string[]> {
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.mouse.click(2, 2)
  const found: string[] = []
  for (let stop = 0; stop < 30; stop++) {
    await page.keyboard.press('Tab')
    const at = await focus(page)
    if (at === 'BODY' || found[0] === at) break
    found.push(at)
    const ring = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement
      const seen = at.matches('input') ? (at.nextElementSibling as HTMLElement) : at
      const { outlineStyle, outlineWidth } = getComputedStyle(seen)
      return outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth)
    })
    ok(ring >= 2, `no ring around ${at}`)
  }
  return found
}

/** Tabs until that has the focus. */
async function goTo(page: Page, id: string): Promise<void> {
  for (let stop = 0; stop < 40; stop++) {
    if ((await focus(page)) === id) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the focus does not come to ${id}`)
}
