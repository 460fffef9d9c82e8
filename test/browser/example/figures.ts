import type { Page } from './open-page.ts'

/** What the page says of itself. */
export interface Figures {
  readonly state: string
  /** Of a hundred. */
  readonly progress: number
  readonly taken: number
  readonly kept: number
  /** Each stage's figures, as they are written. */
  readonly stages: Record<string, Record<string, string>>
}

/** In the page. */
export function readFigures(): Figures {
  const text = (at: ParentNode, selector: string) => at.querySelector(selector)?.textContent ?? ''
  const stages = Object.fromEntries(
    Array.from(document.querySelectorAll('.stage'), stage => [
      stage.querySelector('h3')?.firstChild?.textContent ?? '',
      Object.fromEntries(
        Array.from(stage.querySelectorAll('.pair'), pair => [text(pair, 'dt'), text(pair, 'dd')]),
      ),
    ]),
  )
  const number = (words?: string) => Number((words ?? '').replaceAll(',', ''))
  return {
    state: text(document, '#state'),
    progress: Number(document.getElementById('bar')?.getAttribute('aria-valuenow')),
    taken: number(stages.Files?.taken),
    kept: number(stages.Keep?.done),
    stages,
  }
}

export const figures = (page: Page): Promise<Figures> => page.evaluate(readFigures)

/** Settles once the page says that it is in this state. */
export async function reaches(page: Page, state: string, timeout = 120_000): Promise<void> {
  await page.waitForFunction(
    (state: string) => document.getElementById('state')?.textContent === state,
    state,
    { timeout },
  )
}

/** Settles once so much is done, of a hundred. */
export async function comesTo(page: Page, percent: number, timeout = 120_000): Promise<void> {
  await page.waitForFunction(
    (percent: number) => Number(document.getElementById('bar')?.getAttribute('aria-valuenow')) >= percent,
    percent,
    { timeout },
  )
}

/** Chooses the job. */
export async function choose(
  page: Page,
  kind: 'thumbnails' | 'checksums' | 'both',
  workers?: number,
): Promise<void> {
  // The inputs lie, transparent, over what is seen of them.
  await page.check(`input[value=${kind}]`)
  if (workers !== undefined) await page.selectOption('#workers', String(workers))
}
