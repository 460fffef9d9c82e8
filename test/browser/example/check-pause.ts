import { accessible } from './accessible.ts'
import { check, equal, ok } from './check.ts'
import { choose, comesTo, type Figures, figures, reaches, readFigures } from './figures.ts'
import type { TestImage } from './images.ts'
import type { OpenPage, Page } from './open-page.ts'

/** How long a page that stands still is looked at, in milliseconds. */
const LOOK = 3_000

/** Pausing, going on and cancelling, with images that take a while. */
export async function checkPause({ page }: OpenPage, images: readonly TestImage[]): Promise<void> {
  const files = images.map(({ file }) => file)
  await page.setInputFiles('#files', files)
  await choose(page, 'both', 2)

  await check('while paused nothing moves', async () => {
    await page.click('#go')
    await comesTo(page, 10)
    const before: Figures = await press(page, 'go')
    equal(before.state, 'Paused', 'state')
    await accessible(page)
    const after = await standsStill(page)
    equal([after.taken, after.kept], [before.taken, before.kept], 'files taken and kept since')
    ok(after.taken < files.length && after.kept < files.length, 'it was over already')
    const queues = Object.values(after.stages).map(({ queued = '' }) => Number.parseInt(queued, 10) || 0)
    ok(Math.max(...queues) > 0, 'no file waits in a queue')
    return `${after.taken} taken and ${after.kept} kept, not one more; all else still for ${LOOK / 1_000} s`
  })

  await check('it goes on, to the end', async () => {
    await press(page, 'go')
    await reaches(page, 'Done')
    equal((await figures(page)).kept, files.length, 'kept')
    return undefined
  })

  for (const paused of [false, true]) {
    await check(
      `cancelled${paused ? ' while paused' : ''}: the workers end, and nothing runs on`,
      async () => {
        await press(page, 'go')
        await comesTo(page, 10)
        if (paused) {
          await press(page, 'go')
          await standsStill(page)
        }
        const workers = page.workers()
        equal(workers.length, 2, 'workers')
        const closed = Promise.all(
          workers.map((worker: Page) => new Promise(resolve => worker.once('close', resolve))),
        )
        const start = performance.now()
        const before: Figures = await press(page, 'cancel')
        await reaches(page, 'Cancelled')
        await closed
        const ms = Math.round(performance.now() - start)
        const after = await standsStill(page)
        equal(page.workers().length, 0, 'workers')
        equal([after.taken, after.kept], [before.taken, before.kept], 'files taken and kept since')
        ok(after.kept < files.length, 'it was over already')
        return `${after.kept} of ${files.length} kept; workers gone after ${ms} ms`
      },
    )
  }

  await check('it begins anew, with another job', async () => {
    await choose(page, 'checksums', 1)
    await press(page, 'go')
    await reaches(page, 'Done')
    const { kept, stages } = await figures(page)
    equal([kept, Object.keys(stages)], [files.length, ['Files', 'SHA-256', 'Keep']], 'what was done')
    return undefined
  })
}

/** Presses a button, and gives what the page says at that very moment. */
function press(page: Page, id: string): Promise<Figures> {
  return page.evaluate(`(() => {
    const readFigures = ${readFigures}
    document.getElementById('${id}').click()
    return readFigures()
  })()`)
}

/**
 * Waits until what the workers had begun is over, then sees to it that nothing in the page changes. That nothing happens
 * can only be seen by waiting for a while.
 */
async function standsStill(page: Page): Promise<Figures> {
  await page.evaluate(`(() => {
    window.changes = 0
    window.lastChange = performance.now()
    window.observer?.disconnect()
    window.observer = new MutationObserver(list => {
      window.changes += list.length
      window.lastChange = performance.now()
    })
    window.observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
  })()`)
  await page.waitForFunction(
    () => performance.now() - (window as unknown as { lastChange: number }).lastChange > 1_500,
    undefined,
    { timeout: 60_000 },
  )
  await page.evaluate('window.changes = 0')
  const before = await figures(page)
  await new Promise(resolve => setTimeout(resolve, LOOK))
  equal(await page.evaluate('window.changes'), 0, 'changes of the page')
  const after = await figures(page)
  equal(after, before, 'figures')
  return after
}
