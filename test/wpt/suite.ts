import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Ignored by git, like everything below `node_modules`: the suite is never part of this repository. */
export const cache = fileURLToPath(new URL('../../node_modules/.cache/sluice-wpt', import.meta.url))

// Debian's source package of Node.js carries the streams folder of the Web Platform Tests. The release is
// pinned so that everybody runs the same copy, whatever release their machine has.
const release = 'bookworm'
const fixtures = 'test/fixtures/wpt'
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

export interface Suite {
  /** The folder that holds `streams/` and `resources/`. */
  root: string
  /** Where the copy comes from. */
  origin: string
}

/**
 * Gives the suite in `folder` (a checkout of web-platform-tests), or else the cached copy, which the first call
 * gets through apt without touching the settings of the machine.
 */
export async function obtainSuite(folder?: string): Promise<Suite> {
  if (folder !== undefined) {
    if (!isSuite(folder)) throw new Error(`${folder} holds no streams/ and resources/testharness.js`)
    return { root: folder, origin: folder }
  }
  const root = join(cache, 'suite')
  if (!isSuite(root)) await download(root)
  return { root, origin: await readFile(join(root, 'ORIGIN'), 'utf8') }
}

function isSuite(folder: string): boolean {
  return existsSync(join(folder, 'streams')) && existsSync(join(folder, 'resources/testharness.js'))
}

async function download(target: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'download-'))
  try {
    const archive = await downloadSource(work)
    const suite = join(work, 'suite')
    await mkdir(suite)
    await run('tar', [
      ...['--extract', '--file', join(work, archive), '--directory', suite, '--strip-components', '4'],
      ...['--wildcards', `*/${fixtures}/streams`, `*/${fixtures}/resources`],
    ])
    await writeFile(join(suite, 'ORIGIN'), archive)
    await rm(target, { recursive: true, force: true })
    // Only a complete copy ever gets the final name, so an interrupted run leaves nothing half-made behind.
    await rename(suite, target)
  } catch (cause) {
    const advice = 'Pass --suite FOLDER with a checkout of web-platform-tests instead.'
    throw new Error(`The Web Platform Tests are not available through apt: ${reason(cause)}\n${advice}`, {
      cause,
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Downloads the source package of Node.js into `folder` and gives the name of its main archive. */
async function downloadSource(folder: string): Promise<string> {
  let failure: unknown = new Error('apt has no package repository configured')
  for (const mirror of await mirrors()) {
    const apt = await privateApt(folder, mirror)
    try {
      await apt('update')
      await apt('source', '--download-only', '--only-source', 'nodejs')
    } catch (error) {
      failure = error
      continue
    }
    const archive = (await readdir(folder)).find(name => /^nodejs_.*\.orig\.tar\.\w+$/.test(name))
    if (archive !== undefined) return archive
    failure = new Error(`${mirror} gave no source archive of nodejs`)
  }
  throw failure
}

/** The repositories that apt is configured with; nothing here names a host. */
async function mirrors(): Promise<Set<string>> {
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'])
  return new Set(stdout.split('\n').filter(line => line !== ''))
}

/** An `apt-get` that reads and writes its lists, archives and sources below `folder` alone. */
async function privateApt(folder: string, mirror: string) {
  const lists = join(folder, 'lists')
  await mkdir(join(lists, 'partial'), { recursive: true })
  await mkdir(join(folder, 'archives/partial'), { recursive: true })
  const trust = existsSync(keyring) ? `[signed-by=${keyring}] ` : ''
  await writeFile(join(folder, 'sources.list'), `deb-src ${trust}${mirror} ${release} main\n`)
  const settings = {
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': lists,
    'Dir::Cache': folder,
    'APT::Update::Error-Mode': 'any',
  }
  // Hooks after an update belong to the machine's own lists.
  const hooks = '#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n'
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`)
  const config = join(folder, 'apt.conf')
  await writeFile(config, lines.join('') + hooks)
  return (...args: string[]) => run('apt-get', ['--config-file', config, '--quiet', ...args], { cwd: folder })
}

function reason(error: unknown): string {
  const { stderr } = error as { stderr?: string }
  return stderr?.trim() || (error instanceof Error ? error.message : String(error))
}
