import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTool } from './load-tool.ts'

export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A page of a Chromium that nobody has used before. */
export interface Tab {
  readonly version: string
  /** Whatever the page has written to its console. */
  readonly console: readonly string[]
  /** Rejects when the page or the browser crashes. */
  readonly crashed: Promise<never>
  /** Opens the address, in this tab. */
  open(address: string): Promise<void>
  /** Settles once no worker is alive, as the browser sees it. */
  workersGone(): Promise<void>
  close(): Promise<void>
}

export async function openBrowser(): Promise<Tab> {
  const { chromium } = await loadTool('playwright-core')
  const profile = await mkdtemp(join(tmpdir(), 'sluice-profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await executable(),
    args: FLAGS,
    timeout: 60_000,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const lines: string[] = []
  page.on('console', (message: { text(): string }) => lines.push(message.text()))
  const crashed = new Promise<never>((_, reject) => {
    page.on('crash', () => reject(new Error('the page crashed')))
    context.on('close', () => reject(new Error('the browser is gone')))
  })
  crashed.catch(() => {})
  const agent: string = await page.evaluate('navigator.userAgent')
  return {
    version: /Chrome\/([\d.]+)/.exec(agent)?.[1] ?? '',
    console: lines,
    crashed,
    open: address => page.goto(address),
    async workersGone() {
      while (page.workers().length > 0) {
        const [worker] = page.workers()
        await new Promise<void>(resolve => worker.once('close', resolve))
      }
    },
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** CHROMIUM, or Debian's, or the packaged one. */
export async function executable(): Promise<string> {
  const { CHROMIUM = '/usr/bin/chromium' } = process.env
  if (existsSync(CHROMIUM)) return CHROMIUM
  const { default: packaged } = await loadTool('@sparticuz/chromium')
  return packaged.executablePath()
}
