import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { ok } from './check.ts'
import type { Page } from './open-page.ts'

interface Finding {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}

let source: string | undefined

/** Has axe-core look for what hinders people in the page as it is now, in both colour schemes; throws if it finds anything. */
export async function accessible(page: Page): Promise<string> {
  source ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(source)
  let rules = 0
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    const { violations, passes, incomplete } = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(): Promise<Record<string, unknown[]>> } }
      return axe.run()
    })
    const found = [...violations, ...(incomplete as Finding[]).filter(({ id }) => id !== 'color-contrast')]
    const words = (found as Finding[]).map(({ id, impact, nodes }) => {
      const places = nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`)
      return `${id} (${impact}): ${places.join(' | ')}`
    })
    ok(found.length === 0, `${colorScheme}: ${words.join('\n')}`)
    rules = passes.length
  }
  await page.emulateMedia({ colorScheme: null })
  return `${rules} rules of axe-core hold, light and dark`
}

/** Throws if the page has to be scrolled sideways at this width, or if anything in it is cut off. */
export async function fits(page: Page, width: number): Promise<void> {
  const before = page.viewportSize()
  await page.setViewportSize({ width, height: 800 })
  const over = await page.evaluate(() => {
    const wide = document.documentElement.clientWidth
    const found = Array.from(document.querySelectorAll('body *')).filter(
      place => place.getBoundingClientRect().right > wide + 0.5 && !place.classList.contains('unseen'),
    )
    const spilt = Array.from(document.querySelectorAll('.stage, .panel, button, .pair')).filter(
      place => place.scrollWidth > place.clientWidth + 1 && place.clientWidth > 0,
    )
    return [...found, ...spilt].map(
      place => `${place.tagName}.${place.className}: ${place.textContent?.slice(0, 30)}`,
    )
  })
  await page.setViewportSize(before)
  ok(over.length === 0, `at ${width} pixels: ${over.slice(0, 5).join('; ')}`)
}
