import { mkdtemp, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { executable, FLAGS } from '../browser.ts'
import { loadTool } from '../load-tool.ts'
import { installMeters } from './meters.ts'

export const example = fileURLToPath(new URL('../../../examples/browser', import.meta.url))

// biome-ignore lint/suspicious/noExplicitAny: Playwright's types are not there for whoever has not installed it
export type Page = any

/** The page of examples/browser, built, served by its own preview server, in a Chromium that nobody has used before. */
export interface OpenPage {
  readonly page: Page
  /** The folder by which its processes are known. */
  readonly profile: string
  close(): Promise<void>
}

/** Builds the page; gives the address of its server. */
export async function servePage(onReport: (report: string) => void) {
  const vite = await import(pathToFileURL(join(example, 'node_modules/vite/dist/node/index.js')).href)
  await vite.build({ root: example, logLevel: 'warn' })
  const server = await vite.preview({
    root: example,
    logLevel: 'warn',
    preview: { port: 0, strictPort: false, host: '127.0.0.1' },
    plugins: [
      {
        name: 'policy reports',
        // Workers are pages of their own to the policy: only a report tells of what they were refused.
        // biome-ignore lint/suspicious/noExplicitAny: Vite's types, see above
        configurePreviewServer({ middlewares, config }: any) {
          const policy = config.preview.headers['Content-Security-Policy']
          if (typeof policy !== 'string') throw new Error('vite.config.ts sends no policy')
          config.preview.headers['Content-Security-Policy'] = `${policy}; report-uri /policy-report`
          middlewares.use(
            '/policy-report',
            async (request: AsyncIterable<Buffer>, response: ServerResponse) => {
              let text = ''
              for await (const chunk of request) text += chunk
              onReport(text)
              response.writeHead(204).end()
            },
          )
        },
      },
    ],
  })
  const { port } = server.httpServer.address()
  // A secure context, as `https:` is.
  return { address: `http://localhost:${port}/`, close: () => server.close() as Promise<void> }
}

/** Opens it; complaints go into the list: uncaught errors, and errors on the console. */
export async function openPage(
  address: string,
  complaints: string[],
  options: object = {},
): Promise<OpenPage> {
  const { chromium } = await loadTool('playwright-core')
  const profile = await mkdtemp(join(tmpdir(), 'sluice-profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await executable(),
    args: FLAGS,
    timeout: 60_000,
    acceptDownloads: true,
    viewport: { width: 1440, height: 1000 },
    ...options,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error: Error) => complaints.push(`uncaught: ${error.stack}`))
  page.on('console', (message: { type(): string; text(): string }) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  // What esbuild puts around functions that have a name.
  await page.addInitScript('globalThis.__name ??= f => f')
  await page.addInitScript(installMeters)
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { policyViolations: seen })
    addEventListener('securitypolicyviolation', event => {
      seen.push(`${event.violatedDirective} forbids ${event.blockedURI}`)
    })
  })
  await page.goto(address)
  return {
    page,
    profile,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}
