import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wordTable } from '../../examples/text-statistics/word-table.ts'
import { runExample } from './run-example.ts'

test('03-text-statistics counts the words of the files below a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-words-'))
  await mkdir(join(folder, 'below'))
  await writeFile(join(folder, 'a.md'), '# The streams\n\nStreams of *bytes*, and of items.')
  await writeFile(join(folder, 'below', 'b.txt'), 'bytes, bytes')
  await writeFile(join(folder, 'c.js'), 'not counted')
  const { code, stdout, stderr } = await runExample('03-text-statistics', [folder])
  await rm(folder, { recursive: true })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    '      3  bytes',
    '      2  streams',
    '      1  items',
    '10 words in 2 files, 3 different ones that are not common',
  ])
})

test('a word table has the words that were put into it, and no others', () => {
  const table = wordTable(['the', 'of', 'and'])
  expect(['the', 'of', 'and', 'stream', 'a', ''].map(word => table.has(word))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})

test('04-key-affinity balances its books', async () => {
  const { code, stdout, stderr } = await runExample('04-key-affinity')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('50 accounts, 0 wrong balances, 0 accounts that changed their worker')
  const made = [...stdout.matchAll(/made (\d+) bookings/g)].map(([, items]) => Number(items))
  expect(made.reduce((sum, items) => sum + items, 0)).toBe(20_000)
  expect(made.length).toBe(2)
})
