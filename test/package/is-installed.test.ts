import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isInstalled } from './is-installed.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-installed-'))
  await mkdir(join(folder, 'node_modules'))
})
afterEach(() => rm(folder, { recursive: true }))

const lock = (file: string, packages: object) => writeFile(join(folder, file), JSON.stringify({ packages }))
const a = { version: '1.0.0', integrity: 'x' }

test.each([
  ['the same and others besides', { 'node_modules/a': a, 'node_modules/c': a }, true],
  ['another version', { 'node_modules/a': { ...a, version: '0.9.0' } }, false],
  ['another content', { 'node_modules/a': { ...a, integrity: 'y' } }, false],
  ['an optional one that is another', { 'node_modules/a': a, 'node_modules/b': { version: '2.0.0' } }, false],
  ['one too few', {}, false],
  ['none', undefined, false],
])('isInstalled() with %s', async (_, present, installed) => {
  await lock('package-lock.json', { '': {}, 'node_modules/a': a, 'node_modules/b': { ...a, optional: true } })
  if (present) await lock('node_modules/.package-lock.json', present)
  expect(isInstalled(folder)).toBe(installed)
})
