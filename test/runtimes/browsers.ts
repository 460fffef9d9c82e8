import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser } from '../browser/browser.ts'

export interface Browser {
  readonly name: 'chromium' | 'firefox'
  /** Opens an address in a browser that nobody has used before. */
  open(
    address: string,
  ): Promise<{ readonly version: string; readonly gone: Promise<never>; close(): Promise<void> }>
  /** Why it cannot run on this machine. */
  missing(): string | undefined
}

const chromium: Browser = {
  name: 'chromium',
  missing() {
    if (!existsSync(new URL('../browser/node_modules', import.meta.url)))
      return 'the packages of test/browser did not install here'
    // One for Linux is among them.
    return process.platform === 'linux' || process.env.CHROMIUM ? undefined : 'set CHROMIUM to one'
  },
  async open(address) {
    const tab = await openBrowser()
    await tab.open(address)
    return { version: tab.version, gone: tab.crashed, close: () => tab.close() }
  },
}

const NAMES = ['firefox-esr', 'firefox']
/** Nothing that it does by itself, and no timers slowed down because nobody looks. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.min_background_timeout_value': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
}

const firefox: Browser = {
  name: 'firefox',
  missing: () =>
    firefoxPath() ? undefined : 'there is no firefox-esr: apt-get install firefox-esr, or set FIREFOX to one',
  async open(address) {
    const command = firefoxPath() as string
    const profile = await mkdtemp(join(tmpdir(), 'sluice-firefox-'))
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    )
    await writeFile(join(profile, 'user.js'), lines.join('\n'))
    const version = /[\d.]+/.exec(spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout)?.[0] ?? ''
    const args = ['--headless', '--no-remote', '--profile', profile, address]
    const child = spawn(command, args, { stdio: 'ignore', detached: true })
    const exit = new Promise<void>(resolve => child.on('exit', () => resolve()))
    const gone = new Promise<never>((_, reject) => {
      child.on('error', reject)
      child.on('exit', code => reject(new Error(`Firefox has ended (${code})`)))
    })
    gone.catch(() => {})
    return {
      version,
      gone,
      async close() {
        try {
          process.kill(-(child.pid as number), 'SIGKILL')
        } catch {
          // It has gone already.
        }
        await exit
        await rm(profile, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  },
}

/** FIREFOX, or what is on the path. */
function firefoxPath(): string | undefined {
  const { FIREFOX } = process.env
  if (FIREFOX) return FIREFOX
  const folders = (process.env.PATH ?? '').split(':')
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
}

/** In a container of Debian's, where this is root, a Firefox can be had without a question. */
export function installFirefox(): void {
  if (firefoxPath() || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'ignore', timeout: 240_000 })
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'firefox-esr')
}

export const BROWSERS: readonly Browser[] = [chromium, firefox]
