import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runExample } from './run-example.ts'

test('06-fetch-many has every page once, though it was told to stop on the way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-many-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))

  const stopped = await runExample('06-fetch-many', [folder], child => child.kill('SIGINT'))
  expect(stopped.code).toBe(0)
  const some = Number(/^\d+/.exec(stopped.stdout)?.[0])
  expect(some).toBeGreaterThan(0)
  expect(some).toBeLessThan(1980)

  const { code, stdout } = await runExample('06-fetch-many', [folder])
  expect(code).toBe(0)
  expect(stdout).toBe(`1980 pages and 20 letters in ${folder}\n`)
  const letters = (await readFile(join(folder, 'dead.ndjson'), 'utf8')).trim().split('\n')
  expect(letters.map(letter => JSON.parse(letter).error)).toEqual(Array(20).fill('Error: HTTP 404'))
}, 90_000)
