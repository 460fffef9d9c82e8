import { link, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Outcome, runExample } from './run-example.ts'

const duplicates = (...args: string[]) => runExample('01-duplicate-files', args)
const LAW = 'The law holds: received = done + inside + failed + refused + discarded in every stage,'
const ESCAPE = '\x1b'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-duplicates-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('01-duplicate-files on a small tree', () => {
  let outcome: Outcome
  beforeAll(async () => {
    const tree = join(folder, 'tree')
    await mkdir(join(tree, 'below', '.git'), { recursive: true })
    const put = (path: string, content: string) => writeFile(join(tree, path), content)
    const long = 'x'.repeat(9_999)
    await Promise.all([
      put('long-1', `${long}1`),
      put('below/long-2', `${long}1`),
      put('late-difference', `${long}2`),
      put('early-difference', `2${long}`),
      put('small-1', 'ab'),
      put('below/small-2', 'ab'),
      put('below/.git/small-3', 'ab'),
      put('other', 'ba'),
      put('line\nbreak', 'break'),
      put(`clear${ESCAPE}[2J`, 'break'),
      put('empty-1', ''),
      put('empty-2', ''),
    ])
    await link(join(tree, 'other'), join(tree, 'below', 'hard-link'))
    await symlink(join(tree, 'other'), join(tree, 'link'))
    await symlink(join(tree, 'nowhere'), join(tree, 'broken-link'))
    await symlink('..', join(tree, 'below', 'loop'))
    // A name that is no UTF-8 cannot be opened under the name that Node reads: unreadable, for root too.
    if (process.platform === 'linux') await writeFile(Buffer.from(`${tree}/bad-\xff`, 'latin1'), 'ab')
    outcome = await duplicates('--all', tree)
  })

  /** The groups in the report, in its order. */
  const groups = () => {
    const [listed = ''] = outcome.stdout.split('\n\n')
    return listed
      .replaceAll(join(folder, 'tree'), '')
      .split(/\n(?= *\d)/)
      .map(group => [...group.matchAll(/\s(\/\S+)/g)].map(([, path]) => path))
      .filter(paths => paths.length > 0)
  }

  test('ends with exit code 0', () => {
    expect(outcome.code).toBe(0)
    // Progress is shown where it takes longer than a second.
    expect(outcome.stderr.replace(/^\d+ s: .*\n/gm, '')).toBe('')
  })

  test('reports the files with equal content, the most wasteful first, with control characters spelled out', () => {
    expect(groups()).toEqual([
      ['/below/long-2', '/long-1'],
      ['/clear\\x1b[2J', '/line\\x0abreak'],
      ['/below/.git/small-3', '/below/small-2', '/small-1'],
    ])
    expect(outcome.stdout).not.toContain(ESCAPE)
  })

  test('sums up what is wasted', () => {
    expect(outcome.stdout).toContain('\n3 groups of equal files, 4 needless copies: 10.0 KB wasted.\n')
  })

  test('counts hard links once and says that it ignored empty files', () => {
    expect(outcome.stdout).toMatch(/files seen, among them 2 empty \(ignored\) and 1 hard-linked/)
  })

  test('shows that nothing vanished in any stage', () => {
    expect(outcome.stdout).toContain(LAW)
    expect(outcome.stdout).toMatch(/^measure +1[34] +1[34] +13 +0 +0 +0 +0$/m)
    expect(outcome.stdout).toMatch(/^hashWhole +\d+ +\d+ +8 +0 +0 +0 +0$/m)
  })

  test.runIf(process.platform === 'linux')('lists what it could not read, and goes on', () => {
    expect(outcome.stdout).toContain('\nCould not be read: 1\n')
    expect(outcome.stdout).toMatch(/tree\/bad-.+: no such file or directory\n/)
  })
})

describe('01-duplicate-files', () => {
  test('says in one line that a folder is missing, with exit code 2', async () => {
    const missing = join(folder, 'missing')
    expect(await duplicates(folder, missing)).toEqual({
      code: 2,
      stdout: '',
      stderr: `Cannot look through "${missing}": no such file or directory\n`,
    })
  })

  test('explains itself with exit code 2 when an option is unknown', async () => {
    const { code, stdout, stderr } = await duplicates('--fast')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^Unknown option '--fast'.*\n\nFinds files with the same content/)
  })

  test('explains itself on --help', async () => {
    const { code, stdout, stderr } = await duplicates('--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/npm start -- \[--all\] FOLDER/)
  })

  test('drains and reports what it has after a Ctrl-C, with exit code 130', async () => {
    // The same files again and again: a walk of half a million entries, which takes far longer than the first second.
    const { code, stdout, stderr } = await runExample(
      '01-duplicate-files',
      Array<string>(100).fill('node_modules'),
      child => child.kill('SIGINT'),
    )
    expect(code).toBe(130)
    expect(stdout).toMatch(/^Stopped early: this is what was found until then\.\n/)
    expect(stdout).toContain(LAW)
    expect(stderr).toMatch(/^1 s: measure [\d,]+ \([\d,]+\/s, queue \d+ %\) \| not empty [\d,]+ \| /)
    expect(stderr).not.toContain(ESCAPE)
  })

  test('ends at once on a second Ctrl-C', async () => {
    // Two files of 400 GB, all hole: draining would take a quarter of an hour.
    const huge = join(folder, 'huge')
    await mkdir(huge)
    for (const name of ['1', '2']) {
      await writeFile(join(huge, name), '')
      await truncate(join(huge, name), 4e11)
    }
    let pressing: NodeJS.Timeout | undefined
    const outcome = await runExample('01-duplicate-files', [huge], child => {
      pressing = setInterval(() => child.kill('SIGINT'), 100)
    })
    clearInterval(pressing)
    expect(outcome).toMatchObject({ code: 130, stdout: '' })
  })
})
