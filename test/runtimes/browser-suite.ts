import type { Browser } from './browsers.ts'
import type { Bundle } from './bundle.ts'
import { servePages } from './pages.ts'
import type { FileReport } from './realm/file-report.ts'

/** How long one test file may take, in milliseconds: in the page, and for the page itself, which a loop may hold. */
const LIMIT = 120_000
const PATIENCE = LIMIT + 30_000

/**
 * Runs the bundled test files in a browser, one after the other, each in an iframe or a dedicated worker of its own.
 *
 * @returns The version of the browser.
 * @throws {Error} The browser did not start, or the page stopped.
 */
export async function runInBrowser(
  browser: Browser,
  realm: 'window' | 'worker',
  { folder, tests }: Bundle,
  environment: Readonly<Record<string, string>>,
  onReport: (report: FileReport) => void,
): Promise<string> {
  let at = 'the page was loaded'
  let timer: ReturnType<typeof setTimeout> | undefined
  let hear: { end(): void; fail(error: Error): void } | undefined
  const over = new Promise<void>((resolve, reject) => {
    hear = { end: resolve, fail: reject }
  })
  const wait = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => hear?.fail(new Error(`the page has stopped: it was at ${at}`)), PATIENCE)
  }
  const task = { realm, limit: LIMIT, environment, files: tests }
  const served = await servePages(folder, task, message => {
    wait()
    if (message.type === 'starts') at = message.file
    else if (message.type === 'report') onReport(message.report)
    else hear?.end()
  })
  wait()
  let tab: Awaited<ReturnType<Browser['open']>> | undefined
  try {
    tab = await browser.open(served.address)
    await Promise.race([over, tab.gone])
    return tab.version
  } finally {
    clearTimeout(timer)
    over.catch(() => {})
    served.close()
    await tab?.close()
  }
}
