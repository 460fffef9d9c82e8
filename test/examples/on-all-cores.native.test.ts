import { expect, test } from 'vitest'
import { wordTable } from '../../examples/text-statistics/word-table.ts'
import { runExample } from './run-example.ts'

test('03-text-statistics counts the words of the files below a folder', async () => {
  const { code, stdout, stderr } = await runExample('03-text-statistics', ['.github/../src'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^ *\d+ {2}\p{Letter}+\n/u)
  expect(stdout).toMatch(/^\d+ words in \d+ files/m)
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
